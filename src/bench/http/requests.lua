-- What wrk sends: the same request again and again, or one with another number each time.
-- Arguments: method, path, body; a # in the body becomes the number of the request.
local method, path, before, after
local number = 0

function init(arguments)
  method, path = arguments[1], arguments[2]
  before, after = string.match(arguments[3] or "", "^([^#]*)#?(.*)$")
  wrk.method = method
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  if method == "GET" then return wrk.format(method, path) end
  number = number + 1
  return wrk.format(method, path, nil, before .. number .. after)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("sample,%d,%.6f,%.3f,%d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
