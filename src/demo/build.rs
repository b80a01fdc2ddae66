//! Makes the community: everybody registers, confirms and does what they do, the oldest first.

mod enquires;

use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, TimeDelta};
use entity::{confirmation, email_address, status::Role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    cast::{
        ADMINISTRATOR, APPLICANTS, COMPLAINTS, Fate, MEMBERS, MODERATOR, Member, OFFICER, PASSWORD, Person,
        QUESTIONS, TALKS, TOWNS, Talk,
    },
    clock::DemoClock,
};
use crate::{
    account::Caller,
    administration::{
        create::{self, Created},
        organisations::{self, Wanted},
        status,
    },
    confirmation::mint,
    erasure::{
        place_hold::{self, Order},
        request, sweep,
    },
    messaging::{
        groups, messages, send,
        start::{self, Opening},
    },
    network::Network,
    portal::Portal,
    profile::{
        change::{self, Patch, VisibilityPatch},
        own::Audience,
    },
    registration::{
        confirm,
        sign_up::{self, SignUp, Typed},
    },
    reports::file,
    text::Locale,
    values::{EmailAddress, Page},
};

/// How long ago the portal opened.
const OPENED: TimeDelta = TimeDelta::days(9);
/// How long ago those who are gone asked to be deleted.
const LEFT: TimeDelta = TimeDelta::days(3);

/// Something that happens, and how many hours ago.
struct Event {
    hours_ago: i64,
    what: What,
}

enum What {
    /// A line of a conversation: the conversation's place, and the line's.
    Says(usize, usize),
    /// Something in an enquiry: the enquiry's place, and the deed's.
    Enquires(usize, usize),
    Complains(usize),
    /// Those who are gone ask to be deleted.
    Leave,
    /// The sweep runs, after their hour is over.
    Sweep,
}

/// Everybody's ids, and what is under way.
struct Community<'a> {
    portal: &'a Portal,
    administrator: Caller,
    members: Vec<Caller>,
    /// Of each talk that has begun.
    conversations: Vec<Option<Uuid>>,
    /// Of each question that was asked.
    enquiries: Vec<Option<Uuid>>,
}

pub(super) async fn community(portal: &Portal, clock: &DemoClock) -> anyhow::Result<()> {
    clock.put_back(OPENED);
    let administrator = Box::pin(joins_staff(portal, &ADMINISTRATOR)).await?;
    for (person, role) in [
        (&MODERATOR, Role::Moderator),
        (&OFFICER, Role::DataProtectionOfficer),
    ] {
        let colleague = Box::pin(joins_staff(portal, person)).await?;
        status::give_role(portal, administrator, colleague.account, role).await?;
    }
    for town in &TOWNS {
        let wanted = Wanted::parse(town.name, &[town.domain.to_owned()])?;
        organisations::create(portal, administrator, wanted).await?;
    }
    let mut community = Community {
        portal,
        administrator,
        members: Vec::new(),
        conversations: vec![None; TALKS.len()],
        enquiries: vec![None; QUESTIONS.len()],
    };
    for member in &MEMBERS {
        let caller = Box::pin(community.joins(member)).await?;
        community.members.push(caller);
    }
    for event in history() {
        clock.put_back(TimeDelta::hours(event.hours_ago));
        Box::pin(community.happens(&event.what)).await?;
    }
    for (hours, applicant) in (20..).step_by(30).zip(&APPLICANTS) {
        clock.put_back(TimeDelta::hours(hours));
        let message = Some(applicant.message);
        Box::pin(registers(
            portal,
            &applicant.person,
            applicant.organisation,
            None,
            message,
        ))
        .await?;
    }
    clock.put_back(TimeDelta::minutes(5));
    Box::pin(community.leave(Fate::CanUndo)).await?;
    clock.set_right();
    Box::pin(community.happens(&What::Sweep)).await
}

/// Everything that happens after the portal opened, the oldest first.
fn history() -> Vec<Event> {
    let mut events = vec![
        Event {
            hours_ago: LEFT.num_hours(),
            what: What::Leave,
        },
        Event {
            hours_ago: LEFT.num_hours() - 2,
            what: What::Sweep,
        },
    ];
    for (talk, said) in TALKS.iter().enumerate() {
        events.extend(
            said.lines
                .iter()
                .enumerate()
                .map(|(line, (_, hours_ago, _))| Event {
                    hours_ago: *hours_ago,
                    what: What::Says(talk, line),
                }),
        );
    }
    for (place, question) in QUESTIONS.iter().enumerate() {
        let deeds = question.deeds.iter().enumerate();
        events.extend(deeds.map(|(deed, (hours_ago, _))| Event {
            hours_ago: *hours_ago,
            what: What::Enquires(place, deed),
        }));
    }
    events.extend(COMPLAINTS.iter().enumerate().map(|(place, complaint)| Event {
        hours_ago: complaint.hours_ago,
        what: What::Complains(place),
    }));
    events.sort_by_key(|event| std::cmp::Reverse(event.hours_ago));
    events
}

impl Community<'_> {
    /// Someone whose town is known registers, confirms, and fills in their profile.
    async fn joins(&self, member: &Member) -> anyhow::Result<Caller> {
        let person = &member.person;
        let town = TOWNS
            .iter()
            .find(|town| person.email.ends_with(town.domain))
            .context("every member lives in a town")?;
        let account = registers(self.portal, person, town.name, Some(member.department), None).await?;
        let caller = caller(account, Role::Member);
        let patch = Patch {
            position: Some(Some(member.position.to_owned())),
            about: member.about.map(|about| Some(about.to_owned())),
            visibility: Some(VisibilityPatch {
                department: Some(Audience::Members),
                position: Some(Audience::Members),
                about: Some(Audience::Members),
                ..VisibilityPatch::default()
            }),
            ..Patch::default()
        };
        change::change(self.portal, caller, patch, None).await?;
        Ok(caller)
    }

    async fn happens(&mut self, what: &What) -> anyhow::Result<()> {
        match what {
            What::Says(talk, line) => self.says(*talk, *line).await,
            What::Enquires(question, deed) => self.enquires(*question, *deed).await,
            What::Complains(complaint) => self.complains(*complaint).await,
            What::Leave => {
                self.hold(Fate::IsHeld).await?;
                self.leave(Fate::IsHeld).await?;
                self.leave(Fate::IsErased).await
            }
            What::Sweep => {
                let report = sweep::sweep(self.portal, &CancellationToken::new()).await?;
                ensure!(report.is_good(), "the demonstration's sweep failed");
                Ok(())
            }
        }
    }

    async fn says(&mut self, talk: usize, line: usize) -> anyhow::Result<()> {
        let (speaker, _, body) = TALKS[talk].lines[line];
        let caller = self.members[speaker];
        if let Some(conversation) = self.conversations[talk] {
            send::send(self.portal, caller, conversation, body, None).await?;
            return Ok(());
        }
        if !TALKS[talk].guests.is_empty() {
            let group = self.gathers(talk).await?;
            send::send(self.portal, caller, group, body, None).await?;
            self.conversations[talk] = Some(group);
            return Ok(());
        }
        let others: Vec<Uuid> = TALKS[talk]
            .members
            .iter()
            .filter(|member| **member != speaker)
            .map(|member| self.members[*member].account)
            .collect();
        let opening = Opening::parse(caller, &others, TALKS[talk].subject, body)?;
        let started = start::start(self.portal, caller, opening).await?;
        self.conversations[talk] = Some(started.conversation.id);
        Ok(())
    }

    /// The first of a group opens it; everybody else is invited, and all but the guests accept.
    async fn gathers(&self, talk: usize) -> anyhow::Result<Uuid> {
        let Talk {
            members,
            guests,
            subject,
            ..
        } = TALKS[talk];
        let (first, others) = members.split_first().context("somebody opens the group")?;
        let ids: Vec<Uuid> = others
            .iter()
            .chain(guests)
            .map(|member| self.members[*member].account)
            .collect();
        let caller = self.members[*first];
        let opening = groups::open::Opening::parse(caller, subject.unwrap_or_default(), &ids)?;
        let group = groups::open::open(self.portal, caller, opening).await?;
        for member in others {
            let caller = self.members[*member];
            let all = Page {
                limit: 1,
                after: None,
            };
            let invited = groups::invitations::list(self.portal, caller, &all).await?;
            let invitation = invited.items.first().context("everybody else is invited")?;
            groups::invitations::accept(self.portal, caller, invitation.id).await?;
        }
        Ok(group.id)
    }

    async fn complains(&self, place: usize) -> anyhow::Result<()> {
        let complaint = &COMPLAINTS[place];
        let caller = self.members[complaint.member];
        let conversation = self.conversations[complaint.talk].context("the talk has begun")?;
        let newest = Page {
            limit: 1,
            after: None,
        };
        let listed = messages::list(self.portal, caller, conversation, &newest).await?;
        let message = listed.and_then(|listed| listed.items.into_iter().next());
        let message = message.context("something was said")?;
        file::file(self.portal, caller, message.id, complaint.reason).await?;
        Ok(())
    }

    /// A claim is open against those: what they wrote and who they are must stay.
    async fn hold(&self, fate: Fate) -> anyhow::Result<()> {
        let categories = ["master_data".to_owned(), "messages".to_owned()];
        let order = Order {
            basis: "open_claim",
            reference: "Az. 4 O 123/26",
            categories: Some(&categories),
            review_at: None,
            expires_at: None,
            disclose: None,
            key: None,
        };
        for account in self.whose(fate) {
            place_hold::place(self.portal, self.administrator, account.account, &order).await?;
        }
        Ok(())
    }

    async fn leave(&self, fate: Fate) -> anyhow::Result<()> {
        for account in self.whose(fate) {
            request::by_member(self.portal, account, PASSWORD).await?;
        }
        Ok(())
    }

    fn whose(&self, fate: Fate) -> impl Iterator<Item = Caller> {
        let members = MEMBERS.iter().zip(&self.members);
        members
            .filter(move |(member, _)| member.fate == fate)
            .map(|(_, caller)| *caller)
    }
}

/// Someone of the operator's, who administers the portal to begin with.
async fn joins_staff(portal: &Portal, person: &Person) -> anyhow::Result<Caller> {
    let Person {
        email,
        first_name,
        last_name,
    } = person;
    let person = create::Person::parse(
        EmailAddress::parse(email).map_err(|fault| anyhow!(fault.code))?,
        first_name,
        last_name,
    )?;
    match create::create(portal, &person, Some(PASSWORD)).await? {
        Created::WithPassword(id) => Ok(caller(id, Role::Administrator)),
        _ => bail!("somebody of the operator's was there before"),
    }
}

/// Asks to join and follows the link, as the mail's reader would. The account's id.
async fn registers(
    portal: &Portal,
    person: &Person,
    organisation: &str,
    department: Option<&str>,
    message: Option<&str>,
) -> anyhow::Result<Uuid> {
    let typed = Typed {
        email: person.email,
        first_name: person.first_name,
        last_name: person.last_name,
        organisation,
        department,
        message,
        locale: Locale::De,
        accept_terms: &portal.settings.terms.version,
    };
    sign_up::note(portal, Network::LOCAL, &SignUp::parse(portal, &typed)?).await??;
    sign_up::handle_noted(portal).await?;
    let account = email_address::Entity::find()
        .filter(email_address::Column::Address.eq(person.email))
        .one(&portal.database)
        .await?
        .context("the address is registered")?
        .account_id;
    let confirmation = confirmation::Entity::find()
        .filter(confirmation::Column::AccountId.eq(account))
        .one(&portal.database)
        .await?
        .context("the registration is to be confirmed")?;
    let token = mint(&portal.database, portal.random.as_ref(), confirmation.id).await?;
    confirm::confirm(portal, &token, PASSWORD).await?;
    Ok(account)
}

/// Someone who does something without a session of their own.
fn caller(account: Uuid, role: Role) -> Caller {
    Caller {
        account,
        role,
        session: Uuid::nil(),
        proved_at: DateTime::UNIX_EPOCH,
        second_factor: false,
        look_over: false,
    }
}
