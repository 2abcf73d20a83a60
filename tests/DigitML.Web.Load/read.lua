-- For wrk: posts the pictures of the folder in PICTURES (0.png, 1.png, … up to COUNT), each connection in turn.
-- Says at the end how many answers were not 200.

local count = tonumber(os.getenv("COUNT") or "64")
local pictures = {}
for i = 0, count - 1 do
  local file = assert(io.open(os.getenv("PICTURES") .. "/" .. i .. ".png", "rb"))
  pictures[i] = file:read("*a")
  file:close()
end

local next = 0
local headers = { ["Content-Type"] = "image/png" }

request = function()
  next = (next + 1) % count
  return wrk.format("POST", "/api/read?single=true", headers, pictures[next])
end

done = function(summary, latency)
  io.write(string.format("%d requests, %.0f a second, p50 %.2f ms, p99 %.2f ms, not 2xx %d, connect %d, read %d, write %d, timeout %d\n",
    summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status, summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout))
end
