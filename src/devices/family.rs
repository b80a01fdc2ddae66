//! What somebody signs in with, as two closed codes: enough to tell one's own devices apart, too little to tell people
//! apart. The `User-Agent` header itself is kept nowhere.

/// Browsers by what their header holds. The first that is found counts: most name others as well.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "edge"),
    ("EdgA/", "edge"),
    ("EdgiOS/", "edge"),
    ("OPR/", "opera"),
    ("OPT/", "opera"),
    ("SamsungBrowser/", "samsung"),
    ("Vivaldi/", "vivaldi"),
    ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
];

/// Systems in the same way: Android names Linux, and iOS is "like Mac OS X".
const SYSTEMS: [(&str, &str); 8] = [
    ("Windows", "windows"),
    ("Android", "android"),
    ("iPhone", "ios"),
    ("iPad", "ios"),
    ("iPod", "ios"),
    ("CrOS", "chromeos"),
    ("Macintosh", "macos"),
    ("Linux", "linux"),
];

/// Whatever is none of these, programs among them.
const OTHER: &str = "other";

/// The family of a browser and that of the system it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    browser: &'static str,
    system: &'static str,
}

impl Family {
    /// Read from a `User-Agent` header (RFC 9110, 10.1.5); an empty one is of neither.
    pub fn of(header: &str) -> Self {
        let found = |families: &[(&str, &'static str)]| {
            let family = families.iter().find(|(mark, _)| header.contains(mark));
            family.map_or(OTHER, |(_, code)| *code)
        };
        Self {
            browser: found(&BROWSERS),
            system: found(&SYSTEMS),
        }
    }

    /// `chrome`, `edge`, `firefox`, `opera`, `safari`, `samsung`, `vivaldi` or `other`.
    pub fn browser(self) -> &'static str {
        self.browser
    }

    /// `android`, `chromeos`, `ios`, `linux`, `macos`, `windows` or `other`.
    pub fn system(self) -> &'static str {
        self.system
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_are_told_apart() {
        for (header, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "firefox",
                "windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "firefox",
                "linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "chrome",
                "windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "edge",
                "windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "safari",
                "macos",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "safari",
                "ios",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/604.1",
                "firefox",
                "ios",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "chrome",
                "android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "samsung",
                "android",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "chrome",
                "chromeos",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0",
                "opera",
                "linux",
            ),
            ("curl/8.14.1", "other", "other"),
            ("", "other", "other"),
        ] {
            let family = Family::of(header);
            assert_eq!((family.browser(), family.system()), (browser, system), "{header}");
        }
    }
}
