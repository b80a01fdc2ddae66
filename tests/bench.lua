-- What wrk does for `make bench`, told by the environment: BENCH_DO names the requests, BENCH_MEMBERS the file of the
-- members who send them (session's key and id, account, a conversation with many messages, one to write in, last name),
-- BENCH_DEVICES the file of those who sign in (address, the cookie of a device that they signed in on before), with
-- BENCH_PASSWORD. Prints one line: answered requests, as many a second, median and 99th percentile in milliseconds, failed ones.

local what = os.getenv("BENCH_DO")
local merge_patch, json = "application/merge-patch+json", "application/json"
local members, devices = {}, {}
local count = 0
local threads = {}
busy = 0 -- global: `done` reads it out of every thread

local function read(path, into)
  for line in io.lines(path) do
    local fields = {}
    for field in line:gmatch("[^\t]+") do
      table.insert(fields, field)
    end
    table.insert(into, fields)
  end
end

local function of(member, method, path, kind, body)
  return wrk.format(method, path, { ["Cookie"] = "session=" .. member[1], ["Content-Type"] = kind }, body)
end

local requests = {
  profile = function(member)
    return of(member, "GET", "/api/v1/me/profile")
  end,
  change = function(member)
    return of(member, "PATCH", "/api/v1/me/profile", merge_patch, ('{"about": "Kanalsanierung, Stand %d"}'):format(count))
  end,
  send = function(member)
    local body = ('{"body": "Guten Tag, wann passt es Ihnen? Vorgang %d"}'):format(count)
    return of(member, "POST", "/api/v1/conversations/" .. member[5] .. "/messages", json, body)
  end,
  messages = function(member)
    return of(member, "GET", "/api/v1/conversations/" .. member[4] .. "/messages?limit=50")
  end,
  conversations = function(member)
    return of(member, "GET", "/api/v1/conversations")
  end,
  search = function(member)
    return of(member, "GET", "/api/v1/members?query=" .. member[6])
  end,
  sign_in = function()
    local device = devices[math.random(#devices)]
    local body = ('{"email": "%s", "password": "%s"}'):format(device[1], os.getenv("BENCH_PASSWORD"))
    return wrk.format("POST", "/api/v1/session", { ["Cookie"] = "device=" .. device[2], ["Content-Type"] = json }, body)
  end,
  bare = function(member)
    return wrk.format("GET", "/" .. member[2])
  end,
}

-- What a hundred requests of members are.
local mix = { profile = 25, conversations = 25, messages = 30, search = 8, send = 8, change = 3, sign_in = 1 }
local drawn = {}
for name, share in pairs(mix) do
  for _ = 1, share do
    table.insert(drawn, name)
  end
end

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init()
  math.randomseed(os.time() + number * 7919)
  read(os.getenv("BENCH_MEMBERS"), members)
  read(os.getenv("BENCH_DEVICES"), devices)
  count = math.random(1000000000)
end

function request()
  count = count + 1
  local name = what == "mix" and drawn[math.random(#drawn)] or what
  return requests[name](members[math.random(#members)])
end

-- Whoever is told to come back later did not sign in, and nothing failed. Elsewhere looking at answers would cost time.
if what == "sign_in" then
  function response(status)
    if status == 503 then
      busy = busy + 1
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local turned_away = 0
  for _, thread in ipairs(threads) do
    turned_away = turned_away + thread:get("busy")
  end
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status - turned_away
  local good = summary.requests - turned_away
  print(("figures %d %.1f %.2f %.2f %d"):format(good, good / (summary.duration / 1e6), latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, failed))
end
