-- wrk's side of bench/load.ts: one POST from a file, over and over; the outcome as one line of JSON.
local settings = {}
for line in io.lines(os.getenv("AISLE_LOAD_REQUEST")) do
  local name, value = line:match("^([^\t]+)\t(.*)$")
  settings[name] = value
end
wrk.method = "POST"
for name, value in pairs(settings) do
  local header = name:match("^header:(.+)$")
  if header then wrk.headers[header] = value end
end

local turn = 0
function request()
  if not settings.varying then return wrk.format(nil, nil, nil, settings.body) end
  turn = turn + 1
  return wrk.format(nil, nil, nil, (settings.body:gsub("AISLE_TURN", tostring(turn), 1)))
end

-- Only where it is asked for: wrk goes another way when there is one.
if settings.pause then
  local pause = tonumber(settings.pause)
  function delay() return pause end
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
    + summary.errors.timeout
  io.write(string.format(
    '{"calls":%d,"failed":%d,"seconds":%f,"bytes":%d,"p50":%d,"p99":%d}\n',
    summary.requests, failed, summary.duration / 1e6, summary.bytes, latency:percentile(50), latency:percentile(99)))
end
