//! What happens to the enquiries of the demonstration.

use anyhow::bail;

use super::Community;
use crate::{
    demo::cast::{Deed, QUESTIONS},
    enquiries::{
        answer::{self, Answer},
        ask, assign, close, write,
    },
};

impl Community<'_> {
    pub(super) async fn enquires(&mut self, place: usize, deed: usize) -> anyhow::Result<()> {
        let question = &QUESTIONS[place];
        let (member, desk) = (self.members[question.member], self.administrator);
        let deed = &question.deeds[deed].1;
        let Some(id) = self.enquiries[place] else {
            let Deed::Asks(body) = deed else {
                bail!("an enquiry begins with a question")
            };
            let asked = ask::ask(self.portal, member, question.subject, body, None).await?;
            self.enquiries[place] = Some(asked.id);
            return Ok(());
        };
        match deed {
            Deed::Asks(body) => drop(write::write(self.portal, member, id, body, None).await?),
            Deed::Answers(body) => {
                let (after, key) = (None, None);
                answer::answer(self.portal, desk, id, Answer { body, after, key }).await?;
            }
            Deed::IsTaken => assign::assign(self.portal, desk, id, Some(desk.account)).await?,
            Deed::Closes => close::by_member(self.portal, member, id).await?,
        }
        Ok(())
    }
}
