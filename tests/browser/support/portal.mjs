// A portal with the demonstration's people, on a folder and ports of its own.

import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const program = process.env.STAMMTISCH_PROGRAM;
/** The folder of a demonstration that has ended, to begin with a copy of it: to make its people takes far longer. */
const demonstration = process.env.STAMMTISCH_DEMONSTRATION;
const run = promisify(execFile);

export const password = "drei Stuehle am Stammtisch";

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** `settings`: more environment variables, `arguments`: of `serve`. */
export async function start(settings = {}, more = ["--demo"]) {
  const folder = await mkdtemp(join(tmpdir(), "stammtisch-browser-"));
  // The database's user passes through where root runs this.
  await chmod(folder, 0o711);
  const [port, metrics] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  if (demonstration && more.includes("--demo")) await copy(demonstration, folder, url);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(STAMMTISCH_|DATABASE_URL)/.test(name))),
    STAMMTISCH_DATA_DIR: join(folder, "data"),
    STAMMTISCH_SERVER__LISTEN: `127.0.0.1:${port}`,
    STAMMTISCH_SERVER__METRICS_LISTEN: `127.0.0.1:${metrics}`,
    STAMMTISCH_SERVER__PUBLIC_URL: url,
    STAMMTISCH_LIMITS__ENABLED: "false",
    STAMMTISCH_LOG__FILTER: "warn",
    ...settings,
  };
  const child = spawn(program, ["serve", ...more], { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const stop = async () => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${url}/health/ready`).then((answer) => answer.ok).catch(() => false);
    if (ready) break;
    if (tries > 900 || child.exitCode !== null) {
      await stop();
      throw new Error(`the portal does not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    folder,
    stop,
    /** Stops it and keeps its folder. */
    end,
    said: () => said,
    /** One command beside `serve`: its exit code and what it printed. */
    command: (...words) =>
      run(program, words, { env, cwd: folder }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout }) => ({ code, stdout }),
      ),
    /** The newest mail to the address whose file holds these words, once it was sent: its text and links. */
    async mail(address, words = "", seconds = 10) {
      for (let tries = 0; tries < seconds * 10; tries += 1) {
        const found = await newest(join(folder, "data", "mail"), address, words);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no mail to ${address} with ${words}`);
    },
  };
}

async function copy(from, to, url) {
  const data = join(to, "data");
  // Node's own copies would not be the database's user's.
  await run("cp", ["-a", join(from, "data"), data]);
  // By this a database's socket is told from another's.
  await rm(join(data, "postgres.id"));
  const former = await readFile(join(from, "url"), "utf8");
  for (const name of await readdir(join(data, "mail"))) {
    const mail = join(data, "mail", name);
    await writeFile(mail, (await readFile(mail, "utf8")).replaceAll(former, url));
  }
}

async function newest(folder, address, words) {
  const names = await readdir(folder).catch(() => []);
  const eml = names.filter((name) => name.endsWith(".eml")).sort((one, other) => (one.split("_")[1] < other.split("_")[1] ? 1 : -1));
  for (const name of eml) {
    const raw = await readFile(join(folder, name), "utf8");
    const text = raw.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    if (text.includes(`To: ${address}`) && text.includes(words)) {
      return { text, links: [...text.matchAll(/^https?:\/\/\S+$/gm)].map(([link]) => link.trim()) };
    }
  }
  return null;
}
