//! What one look found for each reader. Nobody is told more at once than their stream holds: who is owed more looks
//! anew, and goes on from the moment of the look.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use uuid::Uuid;

use super::tell;
use crate::{
    messaging::news::{Mark, PLACES_LIMIT, Place, Written},
    streams::{BURST, News, Streams, Told},
};

#[derive(Default)]
pub(super) struct Round(HashMap<Uuid, Owed>);

/// What one reader is owed.
#[derive(Default)]
struct Owed {
    /// Never more than one too many.
    news: Vec<Arc<News>>,
    looks_anew: bool,
}

impl Round {
    /// Everybody looks anew, and is told what was written besides.
    pub fn look_anew(&mut self, readers: &[Uuid]) {
        let news = tell::look_anew();
        for reader in readers {
            self.owe(*reader, news.clone());
        }
    }

    /// Who may want to look at a conversation again, and how far somebody has read, for those who see it. What is too
    /// much of one conversation is a reason to look at it again, and too many of these to look at everything.
    pub fn changed(&mut self, places: Vec<Place>, marks: Vec<Mark>) {
        let mut by_place: BTreeMap<(Uuid, Uuid), Vec<Mark>> = BTreeMap::new();
        for mark in marks {
            let place = (mark.reader_id, mark.conversation_id);
            by_place.entry(place).or_default().push(mark);
        }
        let mut by_reader: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        let many = by_place.extract_if(.., |_, marks| marks.len() > PLACES_LIMIT);
        let many: Vec<(Uuid, Uuid)> = many.map(|(place, _)| place).collect();
        let places = places
            .into_iter()
            .map(|place| (place.reader_id, place.conversation_id));
        for (reader, conversation) in places.chain(many) {
            by_reader.entry(reader).or_default().insert(conversation);
        }
        for (reader, conversations) in by_reader {
            if conversations.len() > PLACES_LIMIT {
                self.0.entry(reader).or_default().looks_anew = true;
            }
            for conversation in conversations {
                self.owe(reader, tell::changed(conversation));
            }
        }
        for mark in by_place.into_values().flatten() {
            self.owe(mark.reader_id, tell::read(&mark));
        }
    }

    pub fn written(&mut self, written: Written) {
        let readers = written.readers.clone();
        let news = tell::written(written);
        for reader in readers {
            self.owe(reader, news.clone());
        }
    }

    fn owe(&mut self, reader: Uuid, news: Arc<News>) {
        let owed = self.0.entry(reader).or_default();
        if owed.news.len() <= BURST {
            owed.news.push(news);
        }
    }

    /// Tells everyone what they are owed. Only the last one of a reader's messages lets them come back from this look's
    /// moment: who was cut off between them hears them all again.
    pub fn tell(self, streams: &Streams, up_to: &Arc<str>) {
        for (reader, owed) in self.0 {
            if owed.looks_anew || owed.news.len() > BURST {
                streams.tell(reader, &anew(up_to));
                continue;
            }
            let mut news = owed.news.into_iter().peekable();
            while let Some(one) = news.next() {
                let is_last_message = news.peek().is_none() && one.written_by.is_some();
                let told = Told {
                    news: Some(one),
                    up_to: is_last_message.then(|| up_to.clone()),
                };
                streams.tell(reader, &told);
            }
        }
    }
}

/// Whoever is told this looks at everything again, and goes on from this moment: what was before they see then.
pub(super) fn anew(up_to: &Arc<str>) -> Told {
    Told {
        news: Some(tell::look_anew()),
        up_to: Some(up_to.clone()),
    }
}
