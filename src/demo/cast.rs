//! Who lives in the demonstration, and what they say. Everybody is invented; the domains belong to nobody (RFC 2606).

/// Everybody's password.
pub const PASSWORD: &str = "drei Stuehle am Stammtisch";

pub struct Person {
    pub email: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
}

/// A town, and the domain by which its staff are let in.
pub struct Town {
    pub name: &'static str,
    pub domain: &'static str,
}

/// What becomes of a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Stays,
    /// Asked to be deleted a moment ago.
    CanUndo,
    /// Deleted days ago; a claim holds what they wrote.
    IsHeld,
    /// Deleted and gone.
    IsErased,
}

pub struct Member {
    pub person: Person,
    pub department: &'static str,
    pub position: &'static str,
    pub about: Option<&'static str>,
    pub fate: Fate,
}

impl Member {
    pub fn stays(&self) -> bool {
        self.fate == Fate::Stays
    }
}

/// Someone whose mail domain no town has, so that an administrator decides.
pub struct Applicant {
    pub person: Person,
    pub organisation: &'static str,
    pub message: &'static str,
}

/// A conversation: who takes part, by their place among [`MEMBERS`], the first of whom begins it; and who says what how
/// many hours ago. It is a group where there are guests.
pub struct Talk {
    pub members: &'static [usize],
    /// Who is invited into the group and has not answered.
    pub guests: &'static [usize],
    pub subject: Option<&'static str>,
    pub lines: &'static [(usize, i64, &'static str)],
}

/// What happens to an enquiry.
pub enum Deed {
    /// Its member asks, the first time, or writes on.
    Asks(&'static str),
    Answers(&'static str),
    /// The administrator takes it on.
    IsTaken,
    /// Its member needs no answer any more.
    Closes,
}

/// An enquiry to the operator: who asks, by their place among [`MEMBERS`], and what happens how many hours ago.
pub struct Question {
    pub member: usize,
    pub subject: &'static str,
    pub deeds: &'static [(i64, Deed)],
}

/// The newest message of a talk is reported: which talk, by whom, how many hours ago, and why.
pub struct Complaint {
    pub talk: usize,
    pub member: usize,
    pub hours_ago: i64,
    pub reason: &'static str,
}

const fn person(email: &'static str, first_name: &'static str, last_name: &'static str) -> Person {
    Person {
        email,
        first_name,
        last_name,
    }
}

const fn member(person: Person, department: &'static str, position: &'static str) -> Member {
    Member {
        person,
        department,
        position,
        about: None,
        fate: Fate::Stays,
    }
}

const fn says(mut member: Member, about: &'static str) -> Member {
    member.about = Some(about);
    member
}

const fn who(mut member: Member, fate: Fate) -> Member {
    member.fate = fate;
    member
}

pub const ADMINISTRATOR: Person = person("verwaltung@betreiber.example", "Vera", "Walter");
pub const MODERATOR: Person = person("moderation@betreiber.example", "Mona", "Richter");
pub const OFFICER: Person = person("datenschutz@betreiber.example", "Dirk", "Sommer");

pub const TOWNS: [Town; 3] = [
    Town {
        name: "Stadt Musterhausen",
        domain: "musterhausen.example",
    },
    Town {
        name: "Gemeinde Beispieltal",
        domain: "beispieltal.example",
    },
    Town {
        name: "Landkreis Musterland",
        domain: "musterland.example",
    },
];

pub const MEMBERS: [Member; 13] = [
    says(
        member(
            person("anna.beispiel@musterhausen.example", "Anna", "Beispiel"),
            "Informationstechnik",
            "Koordinatorin",
        ),
        "Ich betreue bei uns das Meldewesen und die Schnittstellen dazu. Fragen gern jederzeit.",
    ),
    member(
        person("bernd.hansen@musterhausen.example", "Bernd", "Hansen"),
        "Kämmerei",
        "Sachbearbeiter",
    ),
    says(
        member(
            person("cem.yildiz@musterhausen.example", "Cem", "Yıldız"),
            "Bürgerbüro",
            "Leiter",
        ),
        "Montags und donnerstags bin ich am besten zu erreichen.",
    ),
    member(
        person("dagmar.koehler@musterhausen.example", "Dagmar", "Köhler"),
        "Personalamt",
        "Sachbearbeiterin",
    ),
    member(
        person("emil.schroeder@beispieltal.example", "Emil", "Schröder"),
        "Bauamt",
        "Sachbearbeiter",
    ),
    says(
        member(
            person("fatma.oeztuerk@beispieltal.example", "Fatma", "Öztürk"),
            "Ordnungsamt",
            "Leiterin",
        ),
        "Wir stellen gerade auf die elektronische Akte um und tauschen uns dazu gern aus.",
    ),
    member(
        person("gerd.lindner@beispieltal.example", "Gerd", "Lindner"),
        "Hauptamt",
        "Leiter",
    ),
    member(
        person("hanna.vogt@beispieltal.example", "Hanna", "Vogt"),
        "Standesamt",
        "Standesbeamtin",
    ),
    member(
        person("ivo.novak@musterland.example", "Ivo", "Novák"),
        "Informationstechnik",
        "Administrator",
    ),
    member(
        person("jana.petersen@musterland.example", "Jana", "Petersen"),
        "Jugendamt",
        "Fachbereichsleiterin",
    ),
    who(
        member(
            person("karl.wagner@musterland.example", "Karl", "Wagner"),
            "Kreiskasse",
            "Kassenleiter",
        ),
        Fate::CanUndo,
    ),
    who(
        member(
            person("lena.maurer@musterland.example", "Lena", "Maurer"),
            "Archiv",
            "Archivarin",
        ),
        Fate::IsHeld,
    ),
    who(
        member(
            person("mia.franke@musterhausen.example", "Mia", "Franke"),
            "Bürgerbüro",
            "Auszubildende",
        ),
        Fate::IsErased,
    ),
];

pub const APPLICANTS: [Applicant; 3] = [
    Applicant {
        person: person("nils.berger@fernstadt.example", "Nils", "Berger"),
        organisation: "Stadtwerke Fernstadt",
        message: "Wir führen Ihr Verfahren im Januar ein und möchten uns vorher mit anderen austauschen.",
    },
    Applicant {
        person: person("olga.stern@neudorf.example", "Olga", "Stern"),
        organisation: "Gemeinde Neudorf",
        message: "Frau Köhler aus Musterhausen hat mich auf das Portal hingewiesen.",
    },
    Applicant {
        person: person("paul.richter@beratung.example", "Paul", "Richter"),
        organisation: "Richter Beratung",
        message: "Ich berate Kommunen und würde gern mitlesen.",
    },
];

pub const TALKS: [Talk; 6] = [
    Talk {
        members: &[5, 0, 2, 6],
        guests: &[],
        subject: Some("Elektronische Akte: womit anfangen?"),
        lines: &[
            (
                5,
                150,
                "Guten Morgen zusammen, wir beginnen nächsten Monat mit der elektronischen Akte. Womit habt ihr angefangen?",
            ),
            (
                0,
                148,
                "Mit einem kleinen Aktenplan und nur einem Sachgebiet. Nach vier Wochen kamen die anderen dazu.",
            ),
            (
                2,
                147,
                "Im Bürgerbüro haben wir zuerst die Posteingänge gescannt. Das hat schnell überzeugt.",
            ),
            (
                6,
                99,
                "Danke, das hilft sehr. Gibt es eine Vorlage für den Aktenplan?",
            ),
            (
                0,
                75,
                "Ja, ich stelle sie nächste Woche zusammen und melde mich hier.",
            ),
            (5, 3, "Wunderbar, vielen Dank!"),
        ],
    },
    Talk {
        members: &[4, 8],
        guests: &[],
        subject: None,
        lines: &[
            (
                4,
                52,
                "Läuft bei euch die neue Fassung der Schnittstelle zum Bauantrag schon?",
            ),
            (
                8,
                50,
                "Seit Montag. Wichtig ist, vorher das Zertifikat zu tauschen, sonst kommt nur eine leere Antwort.",
            ),
            (4, 49, "Genau das war es. Danke!"),
            (
                8,
                26,
                "Übrigens verkauft mein Schwager günstige Scanner. Wer bis Freitag über mich bestellt, bekommt 20 % Rabatt.",
            ),
        ],
    },
    Talk {
        members: &[9, 11, 12],
        guests: &[],
        subject: Some("Aufbewahrung von Altakten"),
        lines: &[
            (
                9,
                140,
                "Wie lange hebt ihr abgeschlossene Vorgänge auf, bevor sie ins Archiv gehen?",
            ),
            (
                11,
                138,
                "Bei uns zwei Jahre. Danach bieten wir sie dem Archiv an, der Rest wird vernichtet.",
            ),
            (12, 137, "Das frage ich bei uns nach."),
        ],
    },
    Talk {
        members: &[1, 10],
        guests: &[],
        subject: Some("Jahresabschluss"),
        lines: &[
            (
                1,
                80,
                "Stimmt es, dass die Auswertung zum Jahresabschluss dieses Jahr anders aussieht?",
            ),
            (
                10,
                78,
                "Ja, die Spalten sind anders sortiert. Inhaltlich ist alles gleich geblieben.",
            ),
        ],
    },
    Talk {
        members: &[7, 0],
        guests: &[],
        subject: None,
        lines: &[(
            7,
            2,
            "Hallo Frau Beispiel, hätten Sie am Donnerstag eine halbe Stunde für ein Telefonat?",
        )],
    },
    Talk {
        members: &[2, 3, 9],
        guests: &[0],
        subject: Some("Runde Bürgerservice"),
        lines: &[
            (
                2,
                70,
                "Schön, dass ihr dabei seid. Worüber möchtet ihr beim ersten Treffen sprechen?",
            ),
            (
                3,
                68,
                "Über Termine: Bei uns kommen viele Menschen noch ohne Anmeldung.",
            ),
            (9, 28, "Gern, und darüber, wie wir Wartezeiten sichtbar machen."),
        ],
    },
];

pub const QUESTIONS: [Question; 4] = [
    Question {
        member: 3,
        subject: "Schulung im Frühjahr",
        deeds: &[
            (
                120,
                Deed::Asks("Gibt es im Frühjahr wieder eine Schulung für neue Kolleginnen und Kollegen?"),
            ),
            (
                116,
                Deed::Answers("Ja, am 10. und am 24. März. Die Einladung verschicken wir im Januar."),
            ),
            (
                95,
                Deed::Asks("Vielen Dank! Können wir schon vorab zwei Plätze reservieren?"),
            ),
            (
                92,
                Deed::Answers("Gern, zwei Plätze am 10. März sind für Sie vorgemerkt."),
            ),
            (90, Deed::Closes),
        ],
    },
    Question {
        member: 4,
        subject: "Rechnungsanschrift",
        deeds: &[(
            30,
            Deed::Asks("Unsere Rechnungsanschrift ändert sich zum 1. Januar. Wohin melden wir das?"),
        )],
    },
    Question {
        member: 0,
        subject: "Neues Mitglied ohne eigene Domain",
        deeds: &[
            (
                28,
                Deed::Asks(
                    "Unser Zweckverband hat eine eigene E-Mail-Domain. Können Sie sie bei uns eintragen?",
                ),
            ),
            (27, Deed::IsTaken),
            (26, Deed::Answers("Das geht. Wie lautet die Domain?")),
            (
                5,
                Deed::Asks(
                    "zweckverband-musterhausen.example. Dort arbeiten zwölf Personen, die sich gern anmelden möchten.",
                ),
            ),
        ],
    },
    Question {
        member: 0,
        subject: "Vorlage für den Aktenplan",
        deeds: &[
            (
                70,
                Deed::Asks("Darf ich unsere Vorlage für den Aktenplan hier im Portal weitergeben?"),
            ),
            (
                66,
                Deed::Answers("Ja, solange keine Namen darin stehen. Danke, dass Sie sie teilen."),
            ),
        ],
    },
];

pub const COMPLAINTS: [Complaint; 1] = [Complaint {
    talk: 1,
    member: 4,
    hours_ago: 24,
    reason: "Das ist Werbung und hat mit unserer Arbeit nichts zu tun.",
}];
