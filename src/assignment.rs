//! Enquiries that an administrator was to answer are nobody's again the moment they no longer administer the portal:
//! they leave, are suspended, or lose their rights.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::database::{Transaction, sql};

/// Gives all of them back. The caller holds the account's row `FOR UPDATE`, so that none is assigned meanwhile; the
/// enquiries are locked after it, in order of id (R7).
pub async fn give_back(transaction: &Transaction, account: Uuid) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE enquiry SET assigned_to = NULL
             WHERE id = ANY (ARRAY(SELECT id FROM enquiry WHERE assigned_to = $1 ORDER BY id FOR NO KEY UPDATE))",
            [account.into()],
        ))
        .await?;
    Ok(())
}
