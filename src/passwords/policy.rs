//! Which passwords may be chosen: long ones, without rules of composition, that are not guessed first.
//! NIST SP 800-63B (revision 4), "Password Verifiers": length, a blocklist, and words of the context.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use zeroize::Zeroizing;

use super::{Password, PasswordRefused, breached::Breached};

/// Fewest characters (Unicode scalar values, after NFKC) of a new password: what NIST SP 800-63B-4
/// demands where the password is the only factor.
pub const MIN_CHARACTERS: usize = 15;

/// Most characters of a new password. NIST SP 800-63B asks for at least 64; twice that leaves room
/// for passphrases and password managers.
pub const MAX_CHARACTERS: usize = 128;

/// Fewest guesses, as estimated by zxcvbn, that a password must withstand.
///
/// zxcvbn calls 10^10 "very unguessable"; with its dictionaries being English, a hundred times that
/// is asked here. A graphics card tries in the order of 10^4 passwords a second against Argon2id at
/// OWASP's parameters, so this is about three years of one card for a stolen hash. What it comes to:
/// most passwords of up to three predictable pieces (a word, a keyboard row, a date) fall below; four
/// unrelated pieces pass (zxcvbn counts 10^4 for each further one), and so do 15 random characters
/// (10^14 to 10^15).
const MIN_GUESSES: u64 = 1_000_000_000_000;

/// Characters that are judged. The estimate takes time quadratic in the length, and what is strong
/// in its first 48 characters stays so.
const JUDGED_CHARACTERS: usize = 48;

/// Characters that zxcvbn takes for the same letter in disguise, where it knows several for one. It
/// tries every combination of those that occur, up to half a second of work for one password.
const DISGUISES: [&str; 7] = ["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];

/// Most combinations left to zxcvbn. Beyond them the symbols are not undone: nobody's common
/// password mixes so many, and what remains possible with the digits alone is four.
const MAX_COMBINATIONS: usize = 8;

/// Letters that must remain besides names and the portal's name.
const MIN_OWN_LETTERS: usize = 8;

/// Letters from which part of a name counts as a word: shorter ones are in every sentence.
const MIN_WORD: usize = 3;

/// Most words taken out of the personal data, to bound the work.
const MAX_WORDS: usize = 100;

const PORTAL_NAME: &str = "stammtisch";

/// What people with a German keyboard and language choose first, since zxcvbn's lists and keyboards
/// are American. Most frequent first, because the position counts as the number of guesses.
const GERMAN_FAVOURITES: [&str; 36] = [
    "passwort",
    "hallo",
    "qwertz",
    "schatz",
    "geheim",
    "qwertzuiop",
    "asdfghjkl",
    "yxcvbnm",
    "1qay2wsx",
    "1qay2wsx3edc4rfv",
    "qay",
    "yxc",
    "qwertzu",
    "qwertzuiopü",
    "asdfghjklöä",
    "ficken",
    "arschloch",
    "sommer",
    "winter",
    "frühling",
    "herbst",
    "fussball",
    "fußball",
    "schalke",
    "bayern",
    "dortmund",
    "berlin",
    "hamburg",
    "münchen",
    "deutschland",
    "liebe",
    "ichliebedich",
    "liebling",
    "willkommen",
    "kennwort",
    "zugang",
];

impl Password {
    /// Takes a password that someone chooses.
    ///
    /// `personal` is what is known of the person: names, mail address, organisation. 15 to 128
    /// characters, no control characters; any script, spaces included, and no rules of composition.
    /// Takes a few milliseconds. `breached` is the operator's list, if there is one.
    ///
    /// # Errors
    /// The first reason that applies, in the order: length, control character, personal data, common,
    /// breached.
    pub fn choose(
        raw: &str,
        personal: &[&str],
        breached: Option<&Breached>,
    ) -> Result<Self, PasswordRefused> {
        let password = Self::for_check(raw)?;
        let characters = password.as_str().chars().count();
        if characters < MIN_CHARACTERS {
            return Err(PasswordRefused::TooShort);
        }
        if characters > MAX_CHARACTERS {
            return Err(PasswordRefused::TooLong);
        }
        if password.as_str().chars().any(char::is_control) {
            return Err(PasswordRefused::ControlCharacter);
        }
        let words = personal_words(personal);
        if is_made_of(&password, &words) {
            return Err(PasswordRefused::Personal);
        }
        withstands_guessing(&password, &words)?;
        if breached.is_some_and(|list| list.knows(raw, &password)) {
            return Err(PasswordRefused::Breached);
        }
        Ok(password)
    }
}

/// The personal data as words to look for, longest first, in both spellings of umlauts.
fn personal_words(personal: &[&str]) -> Vec<String> {
    let mut words = HashSet::new();
    for text in personal.iter().copied().chain([PORTAL_NAME]) {
        let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
        // "anna1990" is looked for as a whole, and "anna" alone.
        let parts = text
            .split(|c: char| !c.is_alphanumeric())
            .chain(text.split(|c: char| !c.is_alphabetic()));
        for part in parts.filter(|part| part.chars().count() >= MIN_WORD) {
            words.extend([part.to_owned(), fold(part).to_string(), without_marks(part)]);
        }
    }
    let mut words: Vec<String> = words.into_iter().collect();
    // By length, so that "anna" does not break "annabelle"; then by text, so that the order is fixed.
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.truncate(MAX_WORDS);
    words
}

/// Lower case, umlauts written out ("müller" as "mueller"), other marks dropped ("josé" as "jose").
fn fold(text: &str) -> Zeroizing<String> {
    // Room for every character growing to two, so that no unwiped copy stays behind.
    let mut folded = Zeroizing::new(String::with_capacity(4 * text.len()));
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' | 'æ' => folded.push_str("ae"),
            'ö' | 'œ' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            other => folded.extend(std::iter::once(other).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
    folded
}

/// The other way of doing without umlauts: "müller" as "muller".
fn without_marks(word: &str) -> String {
    let stripped: String = word.nfd().filter(|c| !is_combining_mark(*c)).collect();
    fold(&stripped).to_string()
}

/// Whether the password contains some of the words and, besides them, fewer than
/// [`MIN_OWN_LETTERS`] letters.
fn is_made_of(password: &Password, words: &[String]) -> bool {
    let folded = fold(password.as_str());
    let mut rest = Zeroizing::new(folded.to_string());
    for word in words {
        if rest.contains(word.as_str()) {
            // A space, so that what stood left and right of the word doesn't become another word.
            rest = Zeroizing::new(rest.replace(word.as_str(), " "));
        }
    }
    *rest != *folded && rest.chars().filter(|c| c.is_alphabetic()).count() < MIN_OWN_LETTERS
}

/// Estimates the guesses with zxcvbn, offline. Its working copies of the password are not wiped.
fn withstands_guessing(password: &Password, words: &[String]) -> Result<(), PasswordRefused> {
    let judged = judged_part(password);
    let known: Vec<&str> = GERMAN_FAVOURITES
        .into_iter()
        .chain(words.iter().map(String::as_str))
        .collect();
    let estimate = zxcvbn::zxcvbn(&judged, &known);
    if estimate.guesses() >= MIN_GUESSES {
        return Ok(());
    }
    // Personal words in a disguise that only zxcvbn sees through, such as "St4mmt1sch".
    let is_personal = estimate.sequence().iter().any(|found| match &found.pattern {
        zxcvbn::matching::patterns::MatchPattern::Dictionary(entry) => words.contains(&entry.matched_word),
        _ => false,
    });
    Err(if is_personal {
        PasswordRefused::Personal
    } else {
        PasswordRefused::Common
    })
}

/// The beginning of the password; with too many disguises, the symbols among them replaced one by one
/// with characters that mean nothing to zxcvbn, which leaves their number of guesses as it is.
fn judged_part(password: &Password) -> Zeroizing<String> {
    let neutral = |character: char| match "@({[<!|$+".chars().position(|c| c == character) {
        Some(position) => "αβγδεζηθι".chars().nth(position).unwrap_or(character),
        None => character,
    };
    let start = || password.as_str().chars().take(JUDGED_CHARACTERS);
    // Room for the longest characters, so that no unwiped copy stays behind.
    let mut judged = Zeroizing::new(String::with_capacity(4 * JUDGED_CHARACTERS));
    judged.extend(start());
    if combinations(&judged) > MAX_COMBINATIONS {
        judged.clear();
        judged.extend(start().map(neutral));
    }
    judged
}

/// How many ways zxcvbn would try to undo the disguises.
fn combinations(text: &str) -> usize {
    let occurring = |disguises: &str| disguises.chars().filter(|c| text.contains(*c)).count();
    DISGUISES
        .iter()
        .map(|disguises| occurring(disguises).max(1))
        .product()
}
