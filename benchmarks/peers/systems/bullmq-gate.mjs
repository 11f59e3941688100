// What an application adds to BullMQ so that a submission is admitted as ours is: the caller's API key and the tenant's cap are
// checked in the script that inserts the job, so that nothing comes between check and insertion.
import { createHash } from 'node:crypto';
import { Job } from 'bullmq';
import insertion from 'bullmq/dist/cjs/scripts/addStandardJob-9.js';

const keys = 'gate:keys'; // hash of a key → the tenant it belongs to
const tenantRow = (tenant) => `gate:tenant:${tenant}`;
const hashOf = (key) => createHash('sha256').update(key).digest('hex');
const bullKeys = insertion.addStandardJob.keys;
const refusals = { 'unknown-key': 401, 'at-cap': 429 };

// BullMQ's own script, unchanged, as a function: it sees its keys and arguments where it expects them, ours come after.
const admission = `
if redis.call('HGET', KEYS[${bullKeys + 1}], ARGV[4]) ~= ARGV[5] then return redis.error_reply('unknown-key') end
local row = redis.call('HMGET', KEYS[${bullKeys + 2}], 'cap', 'inFlight')
if tonumber(row[2]) >= tonumber(row[1]) then return redis.error_reply('at-cap') end
local function insert()
${insertion.addStandardJob.content}
end
local id = insert()
redis.call('HINCRBY', KEYS[${bullKeys + 2}], 'inFlight', 1)
return id`;

/** @param queue whose connection the gate shares */
export async function openGate(queue, removal) {
  const client = await queue.getBackend().client;
  client.defineCommand('admit', { numberOfKeys: bullKeys + 2, lua: admission });
  return {
    /** A tenant with its cap, and a key of it. */
    async addTenant(tenant, key, cap) {
      await client.hset(tenantRow(tenant), { cap, inFlight: 0 });
      await client.hset(keys, { [hashOf(key)]: tenant });
    },
    /** @returns 202, or the status of the refusal */
    async admit(tenant, key, kind, tag) {
      const runCommand = (_, [...given]) =>
        client.admit(...given.slice(0, bullKeys), keys, tenantRow(tenant), ...given.slice(bullKeys), hashOf(key), tenant);
      try {
        await new Job(queue, kind, { tag, tenant }, removal).addJob({ runCommand });
        return 202;
      } catch (error) {
        const status = refusals[error.message?.replace(/^ERR /, '')];
        if (!status) throw error;
        return status;
      }
    },
  };
}
