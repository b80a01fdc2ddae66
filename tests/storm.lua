-- What wrk does for the measurements, told by the environment: with STORM_COOKIE the address that it is given, posting
-- STORM_BODY if there is one; or else sign-ins, one client a thread. Prints one line of figures: times in milliseconds.

local ffi = require("ffi")
ffi.cdef("struct storm_time { long seconds; long nanoseconds; }; int clock_gettime(int, struct storm_time *);")

local cookie = os.getenv("STORM_COOKIE")
local pause = tonumber(os.getenv("STORM_PAUSE") or "0") -- milliseconds before each request of a connection
local threads = {}

local function now()
  local time = ffi.new("struct storm_time")
  ffi.C.clock_gettime(1, time) -- CLOCK_MONOTONIC
  return tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
end

function setup(thread)
  table.insert(threads, thread)
  thread:set("client", #threads)
end

if pause > 0 then
  function delay()
    return pause
  end
end

local body = os.getenv("STORM_BODY") or ""
if cookie then
  wrk.headers["Cookie"] = cookie
  if body ~= "" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = body
  end
else
  statuses, admitted = {}, {} -- global: `done` reads them out of every thread

  function init()
    local body = '{"email": "member%d@storm.example", "password": "%s"}'
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = body:format(client or 0, os.getenv("STORM_PASSWORD"))
    sign_in = wrk.format()
  end

  function request()
    began = now()
    return sign_in
  end

  function response(status)
    local word = tostring(status)
    statuses[word] = (statuses[word] or 0) + 1
    if status == 200 then
      table.insert(admitted, now() - began)
    end
  end
end

local function at(sorted, share)
  return sorted[math.max(1, math.ceil(#sorted * share))] or 0
end

function done(summary, latency)
  local seconds = summary.duration / 1e6
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  if cookie then
    print(("reads %d %.0f %.2f %.2f %.2f %d"):format(summary.requests, summary.requests / seconds,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
      broken + summary.errors.status))
    return
  end
  local count, times = { ok = 0, busy = 0, other = 0 }, {}
  for _, thread in ipairs(threads) do
    for status, number in pairs(thread:get("statuses")) do
      local kind = status == "200" and "ok" or status == "503" and "busy" or "other"
      count[kind] = count[kind] + number
    end
    for _, time in ipairs(thread:get("admitted")) do
      table.insert(times, time)
    end
  end
  table.sort(times)
  print(("sign-ins %d %.1f %.0f %.0f %d %.0f %d"):format(count.ok, count.ok / seconds, at(times, 0.5), at(times, 0.99),
    count.busy, count.busy / seconds, broken + count.other))
end
