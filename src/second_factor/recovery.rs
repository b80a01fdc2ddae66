//! Recovery codes: ten at a time, each good once, for when no other factor is at hand. They are random, so that a hash of
//! them tells nothing, and are shown when they are made and never again.

use entity::recovery_code;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::{clock::Random, portal::Portal, secrets::sha256};

/// So many at a time.
pub const CODES: usize = 10;
/// 120 bits of 5 to a character: nobody guesses one, whatever they have of the database (OWASP ASVS 5.0, 6.5.2, asks for
/// 112 where a plain hash is kept).
const CHARACTERS: usize = 24;
/// Characters between two dashes of a written code.
const GROUP: usize = 4;
/// Letters and digits that are not taken for each other, in the order of Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes, in the form in which people write them down; the earlier ones end. The caller holds the account's row.
pub async fn make(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    account: Uuid,
) -> Result<Vec<String>, DbErr> {
    end_all(transaction, account).await?;
    let codes: Vec<String> = (0..CODES).map(|_| random(portal.random.as_ref())).collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        account_id: Set(account),
        code_hash: Set(hash(account, code)),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    Ok(codes.iter().map(|code| written(code)).collect())
}

/// Uses a code up: of any number of tries at once, one is told yes.
pub async fn redeem(transaction: &impl ConnectionTrait, account: Uuid, typed: &str) -> Result<bool, DbErr> {
    let Some(code) = read(typed) else {
        return Ok(false);
    };
    let redeemed = recovery_code::Entity::delete_by_id((account, hash(account, &code)))
        .exec(transaction)
        .await?;
    Ok(redeemed.rows_affected == 1)
}

/// Without any factor there is nothing that they stand in for.
pub async fn end_all(transaction: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(transaction)
        .await?;
    Ok(())
}

fn random(random: &dyn Random) -> String {
    let mut bytes = [0; CHARACTERS];
    random.fill(&mut bytes);
    bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

/// `ab12-cd34-ef56-gh78-jk90-mn12`.
fn written(code: &str) -> String {
    let groups: Vec<&str> = (0..CHARACTERS)
        .step_by(GROUP)
        .filter_map(|at| code.get(at..at + GROUP))
        .collect();
    groups.join("-")
}

/// A code as people type it: in capitals or not, with whatever between, and an `o` for a zero.
pub fn read(typed: &str) -> Option<String> {
    // Longer than any code with something between all of its characters.
    if typed.len() > 4 * CHARACTERS {
        return None;
    }
    let code: Option<String> = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => Some('0'),
            'i' | 'l' => Some('1'),
            letter => letter
                .is_ascii()
                .then_some(letter)
                .filter(|letter| ALPHABET.iter().any(|known| char::from(*known) == *letter)),
        })
        .collect();
    code.filter(|code| code.len() == CHARACTERS)
}

/// Bound to the account: the same code of another one has another hash.
fn hash(account: Uuid, code: &str) -> Vec<u8> {
    sha256(&[account.as_bytes().as_slice(), code.as_bytes()].concat())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::SystemRandom;

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let code = random(&SystemRandom);
        assert_eq!(code.len(), CHARACTERS);
        let shown = written(&code);
        assert_eq!(shown.len(), CHARACTERS + CHARACTERS / GROUP - 1);
        for typed in [
            shown.clone(),
            shown.to_uppercase(),
            shown.replace('-', " "),
            code.clone(),
            shown.replace('0', "O").replace('1', "l"),
            format!(" {shown}\n"),
        ] {
            assert_eq!(read(&typed).unwrap(), code);
        }
        assert_eq!(read(&shown[1..]), None);
        assert_eq!(read(&format!("{shown}a")), None);
        assert_eq!(read("123456"), None);
        assert_eq!(read(&"u".repeat(CHARACTERS)), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_a_code(typed in ".{0,60}|[0-9a-zA-Z -]{10,30}") {
            if let Some(code) = read(&typed) {
                prop_assert_eq!(code.len(), CHARACTERS);
                prop_assert_eq!(read(&written(&code)), Some(code));
            }
        }
    }
}
