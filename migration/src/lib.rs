//! The database schema, step by step. Each step is one SQL file, run in one transaction.

pub use sea_orm_migration::prelude::*;

mod m20261123_000001_begin;
mod m20261123_000002_ledger;
mod m20261123_000003_statistics;
mod m20261123_000004_qualified;
mod m20261123_000005_restrict;
mod m20261123_000006_remember;
mod m20261123_000007_once;
mod m20261123_000008_allowance;
mod m20261123_000009_visibility;
mod m20261123_000010_thread;
mod m20261123_000011_directory;
mod m20261123_000012_preference;
mod m20261123_000014_group;
mod m20261123_000015_live;
mod m20261124_000016_report;
mod m20261124_000017_search;
mod m20261130_000022_told;
mod m20261130_000023_context;
mod m20261130_000025_remains;
mod m20261130_000026_proof;
mod m20261130_000027_roles;
mod m20261130_000028_audit;
mod m20261130_000029_attempts;
mod m20261201_000030_factors;
mod m20261201_000031_access;
mod m20261201_000032_plans;
mod m20261201_000033_send;
mod m20261201_000034_begin_session;
mod m20261201_000035_restrict_again;

pub use m20261201_000032_plans::AUDIT_TRAIL;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_begin::Migration),
            Box::new(m20261123_000002_ledger::Migration),
            Box::new(m20261123_000003_statistics::Migration),
            Box::new(m20261123_000004_qualified::Migration),
            Box::new(m20261123_000005_restrict::Migration),
            Box::new(m20261123_000006_remember::Migration),
            Box::new(m20261123_000007_once::Migration),
            Box::new(m20261123_000008_allowance::Migration),
            Box::new(m20261123_000009_visibility::Migration),
            Box::new(m20261123_000010_thread::Migration),
            Box::new(m20261123_000011_directory::Migration),
            Box::new(m20261123_000012_preference::Migration),
            Box::new(m20261123_000014_group::Migration),
            Box::new(m20261123_000015_live::Migration),
            Box::new(m20261124_000016_report::Migration),
            Box::new(m20261124_000017_search::Migration),
            Box::new(m20261130_000022_told::Migration),
            Box::new(m20261130_000023_context::Migration),
            Box::new(m20261130_000025_remains::Migration),
            Box::new(m20261130_000026_proof::Migration),
            Box::new(m20261130_000027_roles::Migration),
            Box::new(m20261130_000028_audit::Migration),
            Box::new(m20261130_000029_attempts::Migration),
            Box::new(m20261201_000030_factors::Migration),
            Box::new(m20261201_000031_access::Migration),
            Box::new(m20261201_000032_plans::Migration),
            Box::new(m20261201_000033_send::Migration),
            Box::new(m20261201_000034_begin_session::Migration),
            Box::new(m20261201_000035_restrict_again::Migration),
        ]
    }
}
