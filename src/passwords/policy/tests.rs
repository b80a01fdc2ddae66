//! The policy's examples, both ways.

use super::*;

const ANNA: [&str; 4] = [
    "Anna-Lena",
    "Müller",
    "anna1990.mueller@kegelclub.example",
    "Kegelclub Süd e. V.",
];

fn refusal(raw: &str) -> Option<PasswordRefused> {
    Password::choose(raw, &ANNA, None).err()
}

#[test]
fn passphrases_and_random_passwords_may_be_chosen() {
    for raw in [
        "vier blaue stuehle im rathaus",
        "vier blaue Stühle im Rathaus",
        "korrekt pferd batterie heftklammer",
        "correct horse battery staple",
        "correcthorsebatterystaple",
        "the cat sat on the mat",
        "mein hund heisst rex",
        "sonne mond sterne",
        "abendrot am deich",
        "Wasser fliesst bergab",
        "purple monkey dishwasher",
        "Xk3$vT9!qLm2#Zw",
        "4839201756648392",
        "@8({[<369&#!1|70$5+7%2",
        "четыре синих стула",
        "窓辺の青い椅子が四つ並んでいる夜",
        // Personal words are no harm among enough others.
        "anna kegelt nie wieder barfuss",
        "hinter dem stammtisch wohnt ein dachs",
    ] {
        assert_eq!(refusal(raw), None, "{raw}");
    }
}

#[test]
fn common_and_trivially_built_passwords_are_refused() {
    for raw in [
        "passwordpassword",
        "123456789012345",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaa",
        "abcdefghijklmno",
        "abcabcabcabcabc",
        "               ",
        "0123456789abcdef",
        "password12345678",
        "Password1234567!",
        "Passw0rd!Passw0rd!",
        "iloveyouiloveyou",
        "111111222222333333",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "1qay2wsx3edc4rfv",
        "passwortpasswort",
        "Passwort12345!!!",
        "hallohallohallo",
        "sommer2024sommer2024",
        "qwertzuiopasdfghjkl",
        "qwertzuiopasdfghjklyxcvbnm",
        "geheimgeheimgeheim",
        "princess dragon 1",
        "01.01.2000 01.01.2000",
        "january2024january",
    ] {
        assert_eq!(refusal(raw), Some(PasswordRefused::Common), "{raw}");
    }
    let long = "ab".repeat(MAX_CHARACTERS / 2);
    assert_eq!(refusal(&long), Some(PasswordRefused::Common));
}

#[test]
fn passwords_made_of_personal_data_or_the_portals_name_are_refused() {
    for raw in [
        "annalenamueller",
        "Anna-Lena Müller 1990",
        "ANNA LENA MULLER!!",
        "mu\u{308}ller.anna.lena.2024",
        "anna1990mueller",
        "kegelclub-sued-2024",
        "Kegelclub Süd anna",
        "stammtisch123456",
        "StammtischStammtisch",
        "St4mmt1sch!!!!!",
        "anna kegelclub xy",
        "hcsitmmats 12345",
    ] {
        assert_eq!(refusal(raw), Some(PasswordRefused::Personal), "{raw}");
    }
    assert!(Password::choose("annalenamueller neben kegelbahn", &[], None).is_ok());
}

#[test]
fn length_counts_characters_after_normalisation_and_control_characters_are_refused() {
    use PasswordRefused::{ControlCharacter, TooLong, TooShort};
    let varied: String = "vier blaue Stühle im Rathaus "
        .chars()
        .cycle()
        .take(129)
        .collect();
    for (raw, expected) in [
        ("vier blaue stu", Some(TooShort)),
        ("vier blaue stuh", None),
        // 15 as typed, 14 once composed.
        ("vier blaue stu\u{308}", Some(TooShort)),
        (&varied[..varied.len() - 1], None),
        (&varied, Some(TooLong)),
        ("vier blaue\tstuehle", Some(ControlCharacter)),
        ("vier blaue stuehle\n", Some(ControlCharacter)),
        ("vier blaue\u{0}stuehle", Some(ControlCharacter)),
    ] {
        assert_eq!(refusal(raw), expected, "{raw:?}");
    }
}

#[test]
fn what_would_take_long_to_judge_is_cut_down() {
    // The time itself is not tested, as it depends on what else the machine does.
    for (unit, expected) in [
        ("P@$$w0rd1! ", 2),
        ("4a@68b({[<c3e69&#!1i|l7o0$5s+7t%x2z", 4),
        ("@|$4a69187530lts", 4),
        ("9876543210", 4),
    ] {
        let raw: String = unit.chars().cycle().take(MAX_CHARACTERS).collect();
        let judged = judged_part(&Password::for_check(&raw).unwrap());
        assert_eq!(judged.chars().count(), JUDGED_CHARACTERS);
        assert_eq!(combinations(&judged), expected, "{unit}");
    }
}
