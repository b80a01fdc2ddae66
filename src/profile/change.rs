//! Changing one's profile by a JSON merge patch (RFC 7396). What is replaced is gone at once (R3), unless a hold on
//! master data keeps it (R18).

use entity::{account, profile};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
    sea_query::LockType,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    own::{Audience, Profile},
    superseded,
};
use crate::{
    account::{Caller, NotActive, enter},
    database::Transaction,
    hold, ledger,
    portal::Portal,
    values::{
        Check, Fault, Invalid, NAME_LIMIT, ORGANISATION_LIMIT, line, optional_line, optional_prose, phone,
    },
};

/// Longest text about oneself, in characters.
pub const ABOUT_LIMIT: usize = 2_000;

/// A field left out stays; `null` empties it, where it may be empty.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Patch {
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 100, nullable = false, min_length = 1, pattern = "\\S")]
    pub first_name: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 100, nullable = false, min_length = 1, pattern = "\\S")]
    pub last_name: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub display_name: Option<Option<String>>,
    /// Read-only once a mail domain or an administrator decided it.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 200, nullable = false, min_length = 1, pattern = "\\S")]
    pub organisation: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub department: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub position: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 40, pattern = "^[0-9 +()/.-]*$")]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    pub about: Option<Option<String>>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub listed: Option<bool>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub visibility: Option<VisibilityPatch>,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VisibilityPatch {
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub organisation: Option<Audience>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub department: Option<Audience>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub position: Option<Audience>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub phone: Option<Audience>,
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    pub about: Option<Audience>,
}

/// Tells a field that is `null` from one that is missing.
#[expect(clippy::option_option, reason = "missing, emptied or set")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// What can't be emptied can't be `null` either.
pub fn present_value<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("the profile was changed meanwhile")]
    Lost,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Changes the profile, if it still has the version that `expected` names, and returns it as it is then.
pub async fn change(
    portal: &Portal,
    caller: Caller,
    patch: Patch,
    expected: Option<&[i64]>,
) -> Result<Profile, ChangeError> {
    let transaction = portal.database.begin().await?;
    let account = enter(&transaction, caller.account).await??;
    let old = profile::Entity::find_by_id(caller.account)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(NotActive)?;
    if expected.is_some_and(|versions| !versions.contains(&old.version)) {
        return Err(ChangeError::Lost);
    }
    let mut new = apply(&old, patch)?;
    if account.look_over_since.is_some() {
        looked_over(&transaction, account.id).await?;
    }
    if new == old {
        transaction.commit().await?;
        return Ok(old.into());
    }
    new.version += 1;
    let now = portal.database_clock.now(&transaction).await?;
    if hold::covers(&transaction, caller.account, "master_data").await? {
        superseded::keep(portal, &transaction, caller.account, replaced(&old, &new), now).await?;
    }
    let stored = new.into_active_model().reset_all().update(&transaction).await?;
    ledger::record(
        &transaction,
        caller.account,
        now,
        ledger::Event::Changed {
            cluster: "master_data",
        },
    )
    .await?;
    transaction.commit().await?;
    Ok(stored.into())
}

/// Whoever was asked to look their data over after a restored backup has done so (R20).
async fn looked_over(transaction: &Transaction, id: Uuid) -> Result<(), DbErr> {
    account::Entity::update_many()
        .set(account::ActiveModel {
            look_over_since: Set(None),
            ..Default::default()
        })
        .filter(account::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The profile with the patch applied, or everything that is wrong with it.
fn apply(old: &profile::Model, patch: Patch) -> Result<profile::Model, Invalid> {
    let mut check = Check::default();
    let mut new = old.clone();
    required(
        &mut check,
        "first_name",
        patch.first_name,
        NAME_LIMIT,
        &mut new.first_name,
    );
    required(
        &mut check,
        "last_name",
        patch.last_name,
        NAME_LIMIT,
        &mut new.last_name,
    );
    required(
        &mut check,
        "organisation",
        patch.organisation,
        ORGANISATION_LIMIT,
        &mut new.organisation,
    );
    if old.organisation_decided && new.organisation != old.organisation {
        check.refuse("organisation", Fault::new("read_only"));
    }
    optional(
        &mut check,
        "display_name",
        patch.display_name,
        NAME_LIMIT,
        &mut new.display_name,
    );
    optional(
        &mut check,
        "department",
        patch.department,
        ORGANISATION_LIMIT,
        &mut new.department,
    );
    optional(
        &mut check,
        "position",
        patch.position,
        ORGANISATION_LIMIT,
        &mut new.position,
    );
    if let Some(raw) = patch.phone {
        let parsed = raw
            .filter(|raw| !raw.trim().is_empty())
            .map(|raw| phone(&raw))
            .transpose();
        new.phone = check
            .take("phone", parsed)
            .flatten()
            .map(crate::values::Line::into_string);
    }
    if let Some(raw) = patch.about {
        let parsed = optional_prose(raw.as_deref(), ABOUT_LIMIT);
        new.about = check
            .take("about", parsed)
            .flatten()
            .map(crate::values::Prose::into_string);
    }
    new.listed = patch.listed.unwrap_or(old.listed);
    let visibility = patch.visibility.unwrap_or_default();
    let visible = |asked: Option<Audience>, before: bool| {
        asked.map_or(before, |audience| audience == Audience::Members)
    };
    new.organisation_visible = visible(visibility.organisation, old.organisation_visible);
    new.department_visible = visible(visibility.department, old.department_visible);
    new.position_visible = visible(visibility.position, old.position_visible);
    new.phone_visible = visible(visibility.phone, old.phone_visible);
    new.about_visible = visible(visibility.about, old.about_visible);
    check.finish(Some(new))
}

#[expect(clippy::option_option, reason = "missing, emptied or set")]
fn required(check: &mut Check, field: &str, raw: Option<Option<String>>, limit: usize, target: &mut String) {
    let Some(raw) = raw else { return };
    if let Some(parsed) = check.take(field, line(raw.as_deref().unwrap_or_default(), limit)) {
        *target = parsed.into_string();
    }
}

#[expect(clippy::option_option, reason = "missing, emptied or set")]
fn optional(
    check: &mut Check,
    field: &str,
    raw: Option<Option<String>>,
    limit: usize,
    target: &mut Option<String>,
) {
    let Some(raw) = raw else { return };
    *target = check
        .take(field, optional_line(raw.as_deref(), limit))
        .flatten()
        .map(crate::values::Line::into_string);
}

/// What the change replaces, by field.
fn replaced(old: &profile::Model, new: &profile::Model) -> Vec<(&'static str, String)> {
    let texts = |row: &profile::Model| {
        [
            ("first_name", Some(row.first_name.clone())),
            ("last_name", Some(row.last_name.clone())),
            ("organisation", Some(row.organisation.clone())),
            ("display_name", row.display_name.clone()),
            ("department", row.department.clone()),
            ("position", row.position.clone()),
            ("phone", row.phone.clone()),
            ("about", row.about.clone()),
        ]
    };
    texts(old)
        .into_iter()
        .zip(texts(new))
        .filter_map(|((field, before), (_, after))| {
            Some((field, before.filter(|value| Some(value) != after.as_ref())?))
        })
        .collect()
}
