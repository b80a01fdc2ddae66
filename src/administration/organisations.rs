//! Organisations, and the mail domains that entitle their people to join.

use entity::{organisation, organisation_domain};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::Caller,
    acting::{NoLonger, still_may},
    audit,
    database::{Transaction, broken_constraint, sql},
    permissions::Permission,
    portal::Portal,
    values::{Check, Fault, Invalid, Line, Listed, MailDomain, ORGANISATION_LIMIT, Page, line},
};

/// Most domains one organisation may have.
const DOMAINS_LIMIT: usize = 100;

#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Organisation {
    pub id: Uuid,
    pub name: String,
    pub email_domains: Vec<String>,
}

/// Where a page of the list ends: name and id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(String, Uuid);

/// An organisation as it was asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    name: Line,
    domains: Vec<MailDomain>,
}

#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("no such organisation")]
    NotFound,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Wanted {
    pub fn parse(name: &str, email_domains: &[String]) -> Result<Self, Invalid> {
        let mut check = Check::default();
        let name = check.take("name", line(name, ORGANISATION_LIMIT));
        if email_domains.len() > DOMAINS_LIMIT {
            check.refuse("email_domains", Fault::with_limit("too_many", DOMAINS_LIMIT));
        }
        let mut domains: Vec<MailDomain> = Vec::new();
        for (index, raw) in email_domains.iter().enumerate() {
            let field = format!("email_domains[{index}]");
            match check.take(&field, MailDomain::parse(raw)) {
                Some(domain) if domains.contains(&domain) => check.refuse(&field, Fault::new("duplicate")),
                Some(domain) => domains.push(domain),
                None => {}
            }
        }
        check.finish(name.map(|name| Self { name, domains }))
    }
}

const COLUMNS: &str =
    "SELECT o.id, o.name, coalesce((SELECT array_agg(d.domain ORDER BY d.domain) FROM organisation_domain d
                                    WHERE d.organisation_id = o.id), '{}') AS email_domains
     FROM organisation o";

/// Organisations by name.
pub async fn list(portal: &Portal, page: &Page<Position>) -> Result<Listed<Organisation>, DbErr> {
    let (name, id) = page
        .after
        .clone()
        .map_or_else(Default::default, |Position(name, id)| (name, id));
    let rows = Organisation::find_by_statement(sql(
        &format!("{COLUMNS} WHERE (o.name, o.id) > ($1, $2) ORDER BY o.name, o.id LIMIT $3"),
        [name.into(), id.into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| Position(row.name.clone(), row.id)))
}

/// One organisation. None: there is none with this id.
pub async fn one(portal: &Portal, id: Uuid) -> Result<Option<Organisation>, DbErr> {
    Organisation::find_by_statement(sql(&format!("{COLUMNS} WHERE o.id = $1"), [id.into()]))
        .one(&portal.database)
        .await
}

pub async fn create(
    portal: &Portal,
    caller: Caller,
    wanted: Wanted,
) -> Result<Organisation, OrganisationError> {
    let transaction = portal.database.begin().await?;
    still_may(&transaction, caller, Permission::ManageOrganisations).await??;
    let id = portal.new_id();
    let new = organisation::ActiveModel {
        id: Set(id),
        name: Set(wanted.name.as_str().to_owned()),
        created_at: Set(portal.now()),
    };
    new.insert(&transaction).await.map_err(taken)?;
    let created = store_domains(&transaction, id, wanted).await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, "organisation.created").about(id),
    )
    .await?;
    transaction.commit().await?;
    Ok(created)
}

/// Replaces name and domains. Who joined before keeps the name they joined under.
pub async fn replace(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    wanted: Wanted,
) -> Result<Organisation, OrganisationError> {
    let transaction = portal.database.begin().await?;
    still_may(&transaction, caller, Permission::ManageOrganisations).await??;
    let changed = organisation::Entity::update_many()
        .set(organisation::ActiveModel {
            name: Set(wanted.name.as_str().to_owned()),
            ..Default::default()
        })
        .filter(organisation::Column::Id.eq(id))
        .exec(&transaction)
        .await
        .map_err(taken)?;
    if changed.rows_affected == 0 {
        return Err(OrganisationError::NotFound);
    }
    organisation_domain::Entity::delete_many()
        .filter(organisation_domain::Column::OrganisationId.eq(id))
        .exec(&transaction)
        .await?;
    let replaced = store_domains(&transaction, id, wanted).await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, "organisation.changed").about(id),
    )
    .await?;
    transaction.commit().await?;
    Ok(replaced)
}

pub async fn remove(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), OrganisationError> {
    let transaction = portal.database.begin().await?;
    still_may(&transaction, caller, Permission::ManageOrganisations).await??;
    if organisation::Entity::delete_by_id(id)
        .exec(&transaction)
        .await?
        .rows_affected
        == 0
    {
        return Err(OrganisationError::NotFound);
    }
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, "organisation.removed").about(id),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn store_domains(
    transaction: &Transaction,
    id: Uuid,
    wanted: Wanted,
) -> Result<Organisation, OrganisationError> {
    let mut email_domains: Vec<String> = wanted
        .domains
        .iter()
        .map(|domain| domain.as_str().to_owned())
        .collect();
    email_domains.sort_unstable();
    if !email_domains.is_empty() {
        let rows = email_domains
            .iter()
            .map(|domain| organisation_domain::ActiveModel {
                domain: Set(domain.clone()),
                organisation_id: Set(id),
            });
        organisation_domain::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await
            .map_err(taken)?;
    }
    Ok(Organisation {
        id,
        name: wanted.name.into_string(),
        email_domains,
    })
}

/// Turns the broken constraint into the field that broke it.
fn taken(error: DbErr) -> OrganisationError {
    match broken_constraint(&error) {
        Some("organisation_name_key") => Invalid::one("name", Fault::new("duplicate")).into(),
        Some("organisation_domain_pkey") => Invalid::one("email_domains", Fault::new("duplicate")).into(),
        _ => OrganisationError::Database(error),
    }
}
