//! What the settings refuse, and what they keep to themselves.

use super::*;

#[test]
fn the_defaults_are_complete_and_start() {
    let settings = Settings::from_toml("").unwrap();
    assert_eq!(settings.erasure.grace, Duration::from_hours(1));
    assert!(settings.limits.enabled);
}

#[test]
fn the_production_example_starts() {
    Settings::from_toml(include_str!("../../config/production.toml")).unwrap();
}

#[test]
fn the_production_example_leaves_every_placeholder_to_be_filled_in() {
    let example = Settings::from_toml(include_str!("../../config/production.toml")).unwrap();
    assert_eq!(example.placeholders().len(), 11);
    let named = "[operator]\nname = 'Rechenzentrum Nord'\n[operator.supervisory_authority]\nurl = 'https://nord.example'";
    let placeholders = Settings::from_toml(named).unwrap().placeholders();
    assert_eq!(placeholders.len(), 9);
    assert!(!placeholders.contains(&"operator.name"), "{placeholders:?}");
}

#[test]
fn the_terms_are_the_portals_own_page_unless_they_stand_elsewhere() {
    let own = Settings::from_toml("[server]\npublic_url = 'https://portal.example'").unwrap();
    assert_eq!(own.terms_url(Locale::En), "https://portal.example/en/terms");
    let elsewhere = Settings::from_toml("[terms]\nurl = 'https://operator.example/agb'").unwrap();
    assert_eq!(elsewhere.terms_url(Locale::En), "https://operator.example/agb");
}

#[test]
fn an_unknown_key_stops_the_start_with_its_name() {
    let error = Settings::from_toml("[erasure]\ngraze = \"1h\"").unwrap_err();
    assert!(error.to_string().contains("graze"), "{error}");
}

#[test]
fn a_configuration_that_could_miss_the_deadline_does_not_start() {
    for refused in [
        "[erasure]\ngrace = \"19h\"",
        "[erasure]\nsweep = \"0 0 3 * * *\"",
        "[erasure]\nsweep = \"0 */5 8-10 * * *\"",
        "[erasure]\nsweep = \"0 */5 * 1 * *\"",
        "[erasure]\nsweep = \"0 */5 * * * MON-FRI\"",
    ] {
        let error = Settings::from_toml(refused).expect_err(refused);
        assert!(
            matches!(error, SettingsError::TooSlow { .. }),
            "{refused}: {error}"
        );
    }
    Settings::from_toml("[erasure]\ngrace = \"12h\"\nsweep = \"0 0 */3 * * *\"").unwrap();
}

#[test]
fn an_administrators_deletion_keeps_the_deadline_as_well() {
    let usual = Settings::from_toml("").unwrap();
    assert_eq!(usual.administrators_grace(), TimeDelta::hours(12));
    let rare = Settings::from_toml("[erasure]\nsweep = \"0 0 */8 * * *\"").unwrap();
    assert_eq!(rare.administrators_grace(), TimeDelta::hours(3));
}

#[test]
fn limits_are_off_on_loopback_alone() {
    Settings::from_toml("[limits]\nenabled = false").unwrap();
    let refused = Settings::from_toml("[limits]\nenabled = false\n[server]\nlisten = \"0.0.0.0:8080\"");
    assert!(matches!(
        refused,
        Err(SettingsError::Unusable {
            setting: "limits.enabled",
            ..
        })
    ));
}

#[test]
fn a_password_in_a_url_is_not_printed() {
    let settings = Settings::from_toml(
        "[database]\nurl = \"postgres://a:geheim@b/c\"\n[mail]\nurl = \"smtp://a:geheim@b\"",
    )
    .unwrap();
    assert!(!format!("{settings:?}").contains("geheim"));
}

/// The settings that a process with these variables has, from the files alone.
fn from_files(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
    let files = FromFile::read_all(variables)?;
    let defaults = Figment::from(Toml::string(DEFAULT));
    Settings::from_figment(&files.into_iter().fold(defaults, Figment::merge))
}

fn written(home: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = home.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_setting_may_stand_in_a_file_that_a_variable_names() {
    let home = tempfile::tempdir().unwrap();
    let url = written(&home, "url", "postgres://a:b c@d/e \r\n");
    let grace = written(&home, "grace", "2h\n");
    let connections = written(&home, "connections", "7\n");
    let proxies = written(&home, "proxies", "[\"10.0.0.0/8\", \"::1/128\"]");
    let code = written(&home, "code", "\"01234\"\n");
    let pepper = written(
        &home,
        "pepper",
        &format!("{}=\n{}=\n", "A".repeat(43), "E".repeat(43)),
    );
    let settings = from_files(&[
        ("DATABASE_URL_FILE", &url),
        ("STAMMTISCH_ERASURE__GRACE_FILE", &grace),
        ("stammtisch_database__max_connections_file", &connections),
        ("STAMMTISCH_SERVER__TRUSTED_PROXIES_FILE", &proxies),
        ("STAMMTISCH_OPERATOR__POSTAL_CODE_FILE", &code),
        ("STAMMTISCH_PASSWORDS__PEPPER_FILE", &pepper),
        ("SOMETHING_ELSE_FILE", "/none"),
    ])
    .unwrap();
    assert_eq!(settings.database.url.as_deref(), Some("postgres://a:b c@d/e "));
    assert_eq!(settings.erasure.grace, Duration::from_hours(2));
    assert_eq!(settings.database.max_connections, 7);
    assert_eq!(settings.server.trusted_proxies.len(), 2);
    assert_eq!(settings.operator.postal_code, "01234");
    assert_eq!(settings.passwords.pepper.iter().count(), 2);
}

#[test]
fn a_setting_whose_own_name_ends_like_that_is_itself() {
    let home = tempfile::tempdir().unwrap();
    let path = written(&home, "path", "/etc/stammtisch/key\n");
    // Read by the ordinary way, from the variable.
    from_files(&[("STAMMTISCH_SECRETS__KEY_FILE", "/none")]).unwrap();
    let settings = from_files(&[("STAMMTISCH_SECRETS__KEY_FILE_FILE", &path)]).unwrap();
    assert_eq!(settings.key_file(), PathBuf::from("/etc/stammtisch/key"));
}

#[test]
fn a_file_that_is_unreadable_or_not_the_only_one_stops_the_start_with_its_variable() {
    let home = tempfile::tempdir().unwrap();
    let secret = written(&home, "secret", "geheim\n");
    let latin = home.path().join("latin");
    std::fs::write(&latin, b"geheim\xff").unwrap();
    let unknown = "STAMMTISCH_MAIL__URLL_FILE";
    for (variables, named) in [
        (
            vec![("STAMMTISCH_MAIL__URL_FILE", "/none")],
            "STAMMTISCH_MAIL__URL_FILE",
        ),
        (
            vec![("STAMMTISCH_MAIL__URL_FILE", latin.to_str().unwrap())],
            "STAMMTISCH_MAIL__URL_FILE",
        ),
        (
            vec![("DATABASE_URL_FILE", home.path().to_str().unwrap())],
            "DATABASE_URL_FILE",
        ),
        (
            vec![
                ("STAMMTISCH_MAIL__URL_FILE", &secret),
                ("STAMMTISCH_MAIL__URL", "geheim"),
            ],
            "STAMMTISCH_MAIL__URL_FILE",
        ),
        (
            vec![("DATABASE_URL_FILE", &secret), ("DATABASE_URL", "")],
            "DATABASE_URL_FILE",
        ),
        (vec![(unknown, &secret)], "urll"),
        // What it holds is no such value.
        (
            vec![("STAMMTISCH_MAIL__URL_FILE", &secret)],
            "STAMMTISCH_MAIL__URL_FILE",
        ),
        (
            vec![("STAMMTISCH_ERASURE__GRACE_FILE", &secret)],
            "STAMMTISCH_ERASURE__GRACE_FILE",
        ),
        (
            vec![("STAMMTISCH_LIMITS__ENABLED_FILE", &secret)],
            "STAMMTISCH_LIMITS__ENABLED_FILE",
        ),
        (
            vec![("STAMMTISCH_REGISTRATION__APPROVAL_FILE", &secret)],
            "STAMMTISCH_REGISTRATION__APPROVAL_FILE",
        ),
        (
            vec![("STAMMTISCH_SERVER__LISTEN_FILE", &secret)],
            "STAMMTISCH_SERVER__LISTEN_FILE",
        ),
        (
            vec![("STAMMTISCH_PASSWORDS__PEPPER_FILE", &secret)],
            "STAMMTISCH_PASSWORDS__PEPPER_FILE",
        ),
    ] {
        let error = from_files(&variables).unwrap_err().to_string();
        assert!(
            error.contains(named) && !error.contains("geheim"),
            "{variables:?}: {error}"
        );
    }
}

#[test]
fn peppers_are_a_list_or_lines_and_a_wrong_one_is_named_by_its_place_alone() {
    let key = format!("{}=", "A".repeat(43));
    for pepper in [
        format!("['{key}', '{key}']"),
        format!("\"\"\"\n{key}\n{key}\n\"\"\""),
    ] {
        let settings = Settings::from_toml(&format!("passwords.pepper = {pepper}")).unwrap();
        assert_eq!(settings.passwords.pepper.iter().count(), 2);
        assert!(!format!("{settings:?}").contains("AAAA"));
    }
    for pepper in ["['geheim']", "'geheim'", "['Z2VoZWlt']", "7"] {
        let error = Settings::from_toml(&format!("passwords.pepper = {pepper}")).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("passwords.pepper") && error.contains("32 bytes in base64"),
            "{pepper}: {error}"
        );
        assert!(
            !error.contains("geheim") && !error.contains("Z2VoZWlt"),
            "{error}"
        );
    }
}

#[test]
fn only_this_machine_is_this_machine() {
    for host in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.8.9.10",
        "::1",
        "[::1]",
    ] {
        assert!(is_this_machine(host), "{host}");
    }
    for host in [
        "",
        "localhost.example",
        "db.example",
        "10.0.0.1",
        "[2001:db8::1]",
        "0.0.0.0",
    ] {
        assert!(!is_this_machine(host), "{host}");
    }
}
