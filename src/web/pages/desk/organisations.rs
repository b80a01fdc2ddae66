//! `/desk/organisations`: whose people may join by their mail domain, and a form for another one.

use axum::{Router, extract::State, response::Response, routing::get};

use super::page::{Card, DeskPage, Section};
use crate::{
    administration::organisations::{self, Organisation, Wanted},
    portal::Portal,
    values::{Fault, FieldFault, Invalid},
    web::{
        guard::may,
        pages::kit::{Field, Form, Posted, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/organisations", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    _: may::ManageOrganisations,
) -> Result<Response, Problem> {
    page(&portal, &view, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::ManageOrganisations(caller): may::ManageOrganisations,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, &posted, None).await;
    }
    let created = match wanted(&posted) {
        Ok(wanted) => organisations::create(&portal, caller, wanted)
            .await
            .map_err(Problem::from),
        Err(invalid) => Err(invalid.into()),
    };
    match created {
        Ok(_) => Ok(view.go_done("/desk/organisations", "organisation-added")),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, &posted, Some(&problem)).await
        }
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let listed = organisations::list(portal, &view.page()?).await?;
    let form = form(view, posted, problem, None).button("organisation-add");
    let frame = view.frame("desk-part-organisations").with_problem(problem, &form);
    let cards = listed.items.iter().map(|it| card(view, it)).collect();
    let page = DeskPage::new(frame)
        .line(view.t("organisations-intro"))
        .list(cards, "organisations-none")
        .pager(view.pager(&listed))
        .section(Section::new(view.t("organisation-new")).form(form));
    Ok(page.show(problem))
}

fn card(view: &View, organisation: &Organisation) -> Card {
    let domains = if organisation.email_domains.is_empty() {
        view.t("organisation-no-domains")
    } else {
        organisation.email_domains.join(", ")
    };
    Card::new(organisation.name.clone())
        .link(view.to(&format!("/desk/organisations/{}", organisation.id)))
        .line(domains)
}

/// Name and domains, one a line.
pub fn form(
    view: &View,
    posted: &Posted,
    problem: Option<&Problem>,
    organisation: Option<&Organisation>,
) -> Form {
    let domains = organisation.map(|it| it.email_domains.join("\n"));
    Form::new(view, posted, problem)
        .field(
            Field::line("name")
                .label("organisation-name")
                .value(organisation.map(|it| it.name.as_str()))
                .autocomplete("off"),
        )
        .field(
            Field::prose("email_domains", 4)
                .label("organisation-domains")
                .hint("organisation-domains-hint")
                .value(domains.as_deref())
                .optional(),
        )
}

/// What was typed; what is wrong with one of the domains is told of the field that all of them stand in.
pub fn wanted(posted: &Posted) -> Result<Wanted, Invalid> {
    let typed = posted.text("email_domains").split([',', ';', ' ', '\n', '\t']);
    let domains: Vec<String> = typed.filter(|it| !it.is_empty()).map(str::to_owned).collect();
    Wanted::parse(posted.text("name"), &domains).map_err(|Invalid(faults)| {
        let faults = faults.into_iter().map(|fault| in_one_field(fault, &domains));
        Invalid(faults.collect())
    })
}

/// `email_domains[2]` is the third line of the field, so its message names it.
fn in_one_field(fault: FieldFault, domains: &[String]) -> FieldFault {
    let index = fault.field.strip_prefix("email_domains[");
    let index = index.and_then(|rest| rest.strip_suffix(']')?.parse::<usize>().ok());
    let Some(domain) = index.and_then(|index| domains.get(index)) else {
        return fault;
    };
    FieldFault {
        field: "email_domains".to_owned(),
        fault: match fault.fault.code {
            "duplicate" => Fault::with_limit("named_twice", domain),
            _ => Fault::with_limit("no_domain", domain),
        },
    }
}
