//! What may go wrong does, on purpose, and what must hold still holds: a short form of each with all the other tests,
//! the full one with `make test-faults`.

mod blocker;
mod crashes;
mod kills;
mod ledger_files;
mod lives;
mod marks;
mod races;
mod races_together;
mod restores;
mod restores_more;
mod restores_people;
mod time;
