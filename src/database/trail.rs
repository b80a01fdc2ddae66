//! Whose the audit trail is. Where it belongs to another role than the application's, the application reads it and adds
//! to it, and can change nothing in it: neither what was done nor when.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{MIGRATION_LOCK, Pool, sql};

use crate::database::Transaction;

/// Gives the trail, and the functions that end its entries, to whoever is connected. What is so already is left alone,
/// because giving a table away waits for everybody who uses it.
const TAKE_OVER: &str = "DO $$
DECLARE
    trail regclass := 'public.audit_event';
BEGIN
    IF pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = trail)) <> current_user THEN
        EXECUTE format('ALTER TABLE %s OWNER TO %I', trail, current_user);
    END IF;
    EXECUTE format('ALTER FUNCTION public.end_audit_events(uuid, bigint) OWNER TO %I', current_user);
    IF to_regprocedure('public.end_access_events(uuid[])') IS NOT NULL THEN
        EXECUTE format('ALTER FUNCTION public.end_access_events(uuid[]) OWNER TO %I', current_user);
    END IF;
END
$$";

/// The role that `stammtisch.application` names may read the trail, add to it, and call the functions.
const GRANT: &str = "DO $$
DECLARE
    application text := current_setting('stammtisch.application');
    ending text;
BEGIN
    EXECUTE format('REVOKE ALL ON public.audit_event FROM PUBLIC, %I', application);
    EXECUTE format('GRANT SELECT, INSERT ON public.audit_event TO %I', application);
    FOREACH ending IN ARRAY ARRAY['end_audit_events(uuid, bigint)', 'end_access_events(uuid[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC, %I', ending, application);
        EXECUTE format('GRANT EXECUTE ON FUNCTION public.%s TO %I', ending, application);
    END LOOP;
END
$$";

/// Makes a role for the application, with the password that `stammtisch.password` names, and gives it everything of the
/// superuser's but the trail: what there was before the application had a role of its own.
const MAKE_APPLICATION: &str = "DO $$
DECLARE
    application text := current_setting('stammtisch.application');
    giving text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
        EXECUTE format('CREATE ROLE %I LOGIN', application);
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', application, current_setting('stammtisch.password'));
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA public TO %I', application);
    FOR giving IN
        SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, application) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
          AND c.relname <> 'audit_event' AND pg_get_userbyid(c.relowner) = current_user
        UNION ALL
        -- A sequence of a column goes with its table; the others are given away by themselves.
        SELECT format('ALTER SEQUENCE %s OWNER TO %I', c.oid::regclass, application) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND pg_get_userbyid(c.relowner) = current_user
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
              AND d.deptype IN ('a', 'i'))
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, application) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
          AND p.proname NOT IN ('end_audit_events', 'end_access_events') AND pg_get_userbyid(p.proowner) = current_user
    LOOP
        EXECUTE giving;
    END LOOP;
    IF to_regclass('public.audit_event') IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT ON public.audit_event TO %I', application);
    END IF;
END
$$";

/// Takes the trail over for the role of `owner`, away from the application's. The schema is up to date.
pub async fn take_over(owner: &Pool, application: &Pool) -> Result<(), DbErr> {
    let (owners, applications) = (role(owner).await?, role(application).await?);
    if owners == applications {
        return Err(DbErr::Custom(format!(
            "it is {owners}, the application's own role"
        )));
    }
    let transaction = alone(owner).await?;
    set(&transaction, "stammtisch.application", &applications).await?;
    transaction.execute_unprepared(TAKE_OVER).await?;
    // With the owner's rights runs nothing that somebody else wrote.
    transaction.execute_unprepared(migration::AUDIT_TRAIL).await?;
    transaction.execute_unprepared(GRANT).await?;
    transaction.commit().await
}

/// Makes the role by which the application works on a server of its own, if it is not there yet.
pub async fn make_application(superuser: &Pool, name: &str, password: &str) -> Result<(), DbErr> {
    let transaction = alone(superuser).await?;
    set(&transaction, "stammtisch.application", name).await?;
    set(&transaction, "stammtisch.password", password).await?;
    transaction.execute_unprepared(MAKE_APPLICATION).await?;
    transaction.commit().await
}

/// A transaction during which nobody else migrates, or does the same.
async fn alone(connection: &Pool) -> Result<Transaction, DbErr> {
    let transaction = connection.begin().await?;
    transaction
        .execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    transaction
        .execute_raw(sql("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK.into()]))
        .await?;
    Ok(transaction)
}

/// Tells the statements that follow in the transaction a value: a block of code takes none.
async fn set(transaction: &Transaction, name: &str, value: &str) -> Result<(), DbErr> {
    let statement = sql("SELECT set_config($1, $2, true)", [name.into(), value.into()]);
    transaction.execute_raw(statement).await.map(drop)
}

/// The role that is connected.
async fn role(connection: &Pool) -> Result<String, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        role: String,
    }
    let found = Found::find_by_statement(sql("SELECT current_user::text AS role", []))
        .one(connection)
        .await?;
    found
        .map(|found| found.role)
        .ok_or_else(|| DbErr::RecordNotFound("current_user".to_owned()))
}

/// Whether the trail has what this version calls: where it belongs to another role, that one makes it.
pub async fn is_current(connection: &Pool) -> Result<bool, DbErr> {
    let made = "SELECT to_regprocedure('public.end_access_events(uuid[])') IS NOT NULL AS is_made";
    let row = connection.query_one_raw(sql(made, [])).await?;
    let is_made: Option<bool> = row.map(|row| row.try_get("", "is_made")).transpose()?;
    Ok(is_made == Some(true))
}

#[derive(FromQueryResult)]
struct Rights {
    role: String,
    by: Option<String>,
}

/// By what the connected role could alter the trail, in words: by the strongest right there is, as others often follow
/// from it. None: it could not.
pub async fn alterable_by(connection: &Pool) -> Result<Option<String>, DbErr> {
    let rights = Rights::find_by_statement(sql(
        "SELECT r.rolname::text AS role, CASE
             WHEN r.rolsuper THEN 'it is a superuser'
             WHEN pg_has_role(d.datdba, 'MEMBER') THEN 'it owns the database, or is a member of the role that does'
             WHEN pg_has_role(n.nspowner, 'MEMBER') THEN 'it owns the schema public, or is a member of the role that does'
             WHEN pg_has_role(c.relowner, 'MEMBER') THEN 'it owns the table audit_event, or is a member of the role that does'
             WHEN has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')
                 OR has_table_privilege(c.oid, 'TRIGGER') OR has_any_column_privilege(c.oid, 'UPDATE')
                 THEN 'it may update, delete, truncate or set triggers there'
             WHEN r.rolcreaterole AND current_setting('server_version_num')::int < 160000
                 THEN 'it may make itself a member of other roles (CREATEROLE)'
             END AS by
         FROM pg_roles r
         CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN pg_database d
         WHERE r.rolname = current_user AND c.oid = 'public.audit_event'::regclass AND d.datname = current_database()",
        [],
    ))
    .one(connection)
    .await?;
    let Rights { role, by } = rights.ok_or_else(|| DbErr::RecordNotFound("current_user".to_owned()))?;
    Ok(by.map(|by| format!("the application's role {role} could alter the audit trail: {by}")))
}
