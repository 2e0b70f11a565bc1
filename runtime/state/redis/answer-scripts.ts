/**
 * Answers of a stage's cache in Redis. KEYS: a hash with the shelf's generation and bytes, a hash of answers (16 digits that
 * say when it was asked for, then the bytes), a sorted set that says when each is due (ms). Whatever is there and is none
 * of ours, of whatever type, empties the shelf. Time is Redis's own.
 */
const common = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function empty() redis.call('DEL', KEYS[1], KEYS[2], KEYS[3]) end
local function soundType(key, wanted)
  local found = redis.call('TYPE', key).ok
  return found == 'none' or found == wanted
end
local isSound = soundType(KEYS[1], 'hash') and soundType(KEYS[2], 'hash') and soundType(KEYS[3], 'zset')
if isSound then
  local held = redis.call('HGET', KEYS[1], 'bytes')
  isSound = not held or string.match(held, '^%d+$') ~= nil and #held < 16
end
if not isSound then empty() end
local month = 2592000000
local overhead = 200
local function remove(key)
  local size = redis.call('HSTRLEN', KEYS[2], key)
  redis.call('ZREM', KEYS[3], key)
  if size > 0 then
    redis.call('HDEL', KEYS[2], key)
    redis.call('HINCRBY', KEYS[1], 'bytes', 16 - size - overhead)
  end
end
local function asked(key)
  local kept = redis.call('HGET', KEYS[2], key)
  return kept and string.sub(kept, 1, 16) or ''
end
`;

/** ARGV: key, generation as it is known to the process. Gives generation, moment, and where there is one the answer and its time left, ms. */
export const lookScript = `${common}
local moment = string.format('%010d%06d', time[1], time[2])
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
  empty()
  generation = ARGV[2] ~= '' and ARGV[2] or moment
  redis.call('HSET', KEYS[1], 'generation', generation)
  redis.call('PEXPIRE', KEYS[1], month)
end
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not due or tonumber(due) <= now then return { generation, moment } end
local kept = redis.call('HGET', KEYS[2], ARGV[1])
if not kept or #kept < 16 then return { generation, moment } end
return { generation, moment, string.sub(kept, 17), string.format('%.0f', tonumber(due) - now) }
`;

/**
 * ARGV: key, generation, moment it was asked for, bytes, time to live (ms), most bytes of the shelf, whether it replaces
 * what was asked for before. What is due first goes first. Gives 0 where another's answer stands.
 */
export const putScript = `${common}
local cost = #ARGV[4] + overhead
local most = tonumber(ARGV[6])
if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[2] or cost > most then return 1 end
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if due and tonumber(due) > now and (ARGV[7] ~= '1' or asked(ARGV[1]) > ARGV[3]) then return 0 end
for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)) do remove(over) end
remove(ARGV[1])
for tries = 1, 10000 do
  if (tonumber(redis.call('HGET', KEYS[1], 'bytes') or 0) or 0) + cost <= most then break end
  local first = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
  if first == nil then
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[1], 'bytes', 0)
  else remove(first) end
  if tries == 10000 then return 1 end
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ARGV[4])
redis.call('HINCRBY', KEYS[1], 'bytes', cost)
redis.call('ZADD', KEYS[3], string.format('%.0f', now + tonumber(ARGV[5])), ARGV[1])
local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2]
local untilMs = string.format('%.0f', tonumber(last) + 1000)
redis.call('PEXPIREAT', KEYS[2], untilMs)
redis.call('PEXPIREAT', KEYS[3], untilMs)
redis.call('PEXPIRE', KEYS[1], month)
return 1
`;

/** ARGV: key, generation, moment. */
export const dropScript = `${common}
if redis.call('HGET', KEYS[1], 'generation') == ARGV[2] and asked(ARGV[1]) <= ARGV[3] then remove(ARGV[1]) end
return 1
`;

/** Gives the new generation. */
export const flushScript = `${common}
local moment = string.format('%010d%06d', time[1], time[2])
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'generation', moment)
redis.call('PEXPIRE', KEYS[1], month)
return moment
`;
