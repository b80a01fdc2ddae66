// Debian's Chromium: where it is installed its headless shell, which does without the windows, profiles and services of a
// whole browser that nobody sees, and takes less than half the processor's time for the same pages.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const known = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const executablePath = process.env.CHROMIUM ?? known.find((path) => existsSync(path)) ?? known.at(-1);

/** As root there is no sandbox; in CI there is little shared memory. */
export const open = () => chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
