-- Requests of several kinds in turn, read from the file that MIXED_FILE names: a head and a body each, with a line of "--"
-- behind. MIXED_PAUSE: clients think for a tenth of a second. Statuses are counted and told at the end.
local threads = {}
local requests = {}
local at = 0

function setup(thread)
  table.insert(threads, thread)
end

function init()
  local text = io.open(os.getenv("MIXED_FILE"), "rb"):read("*a")
  for one in text:gmatch("(.-)\r\n%-%-\r\n") do table.insert(requests, one) end
  at = math.random(#requests)
  statuses = {}
  if os.getenv("MIXED_PAUSE") == "1" then
    function delay()
      return 80 + math.random(40)
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

function done(summary)
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do io.write("status ", status, " ", count, "\n") end
  end
end
