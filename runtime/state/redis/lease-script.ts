/**
 * One batch of leases, carried out by Redis at once. KEYS: buckets, quotas, then days of usage. ARGV[1]: the batch as
 * JSON. Time is Redis's own, so that nodes need not agree on it. A value that is no value of ours, of whatever type, is
 * replaced: a bucket is full then, a count begins at nothing.
 */
export const leaseScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local batch = cjson.decode(ARGV[1])
local function grant(there, needed, ahead)
  if there <= 0 then return 0 end
  local given = math.min(needed, there)
  return given + math.min(ahead, math.floor((there - given) / 2))
end
local function number(value, least, most)
  local n = tonumber(value)
  if n == nil or n ~= n or n < least or n > most then return nil end
  return n
end
local tokens, counts = {}, {}
local at = 0
for i, wish in ipairs(batch.tokens) do
  at = at + 1
  local key = KEYS[at]
  local kept = redis.pcall('HMGET', key, 't', 'm')
  if kept.err then redis.call('DEL', key) kept = {} end
  local left = number(kept[1], 0, wish.burst) or wish.burst
  local since = number(kept[2], 0, now) or now
  left = math.max(0, math.min(wish.burst, left + (now - since) * wish.rate / 1000 + wish.returned))
  local granted = grant(math.floor(left), wish.needed, wish.ahead)
  left = left - granted
  redis.call('HSET', key, 't', string.format('%.6f', left), 'm', string.format('%.3f', now))
  local full = 86400000
  if wish.rate > 0 then full = math.min(full, math.ceil(wish.burst / wish.rate * 1000)) end
  redis.call('PEXPIRE', key, full + 60000)
  tokens[i] = { granted, left }
end
for i, wish in ipairs(batch.counts) do
  at = at + 1
  local key = KEYS[at]
  local kept = redis.pcall('GET', key)
  if type(kept) == 'table' then redis.call('DEL', key) kept = nil end
  local used = math.max(0, (number(kept, 0, 9007199254740991) or 0) + wish.spent)
  local granted = grant(wish.limit - used, wish.needed, wish.ahead)
  used = used + granted
  redis.call('SET', key, string.format('%.0f', used), 'PXAT', string.format('%.0f', math.max(wish.endMs, now) + 86400000))
  counts[i] = { granted, wish.limit - used }
end
for _, day in ipairs(batch.usage) do
  at = at + 1
  local key = KEYS[at]
  local done = redis.pcall('HINCRBY', key, day.field, day.requests)
  if type(done) == 'table' then redis.call('DEL', key) redis.call('HINCRBY', key, day.field, day.requests) end
  redis.call('PEXPIRE', key, 8640000000)
end
return cjson.encode({ tokens = tokens, counts = counts })
`;
