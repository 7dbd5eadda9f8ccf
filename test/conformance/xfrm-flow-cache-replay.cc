/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-flow-cache-replay.h"

#include "xfrm-format.h"

#include <boost/algorithm/string/join.hpp>
#include <utility>

namespace ns3::xfrm::conformance
{

namespace
{

/// @return the recordings' word for an outcome
std::string
GetWord(CacheOutcome outcome)
{
    switch (outcome)
    {
    case CacheOutcome::Hit:
        return "hit";
    case CacheOutcome::Negative:
        return "neg";
    case CacheOutcome::Refused:
        return "getfail";
    case CacheOutcome::Stale:
        return "stale";
    case CacheOutcome::Miss:
        return "miss";
    case CacheOutcome::Unstored:
        return "miss_noalloc";
    case CacheOutcome::Uncached:
        return "nocache";
    case CacheOutcome::NoBuffers:
        return "nobufs";
    }
    return "";
}

/// Digest of a table's content: FNV-1a with 64 bits over little-endian words.
class Digest
{
  public:
    void Add(uint32_t word)
    {
        for (uint32_t i = 0; i < 4; ++i)
        {
            m_hash = (m_hash ^ (word >> (8 * i) & 0xff)) * 1099511628211U;
        }
    }

    uint64_t Get() const
    {
        return m_hash;
    }

  private:
    uint64_t m_hash{14695981039346656037U};
};

} // namespace

FlowCacheReplay::Object::Object(FlowCacheReplay& replay, uint32_t number)
    : number(number),
      m_replay(replay)
{
}

Consent
FlowCacheReplay::Object::Get()
{
    if (!serves)
    {
        return Consent::Refused;
    }
    // Both kinds of consent must give what was recorded.
    return number % 2 == 0 ? Consent::Once : Consent::UntilChange;
}

bool
FlowCacheReplay::Object::Check()
{
    ++m_replay.m_nChecks;
    return isValid;
}

void
FlowCacheReplay::Object::Delete()
{
    isDead = true;
    ++m_replay.m_nDeletes;
    m_replay.m_lastDeleted = number;
}

FlowCacheReplay::FlowCacheReplay(const RecordedSet& set, Face face)
    : m_set(set),
      m_face(face),
      m_file(set.operations,
             {"op",
              "cpu",
              "flow",
              "plan",
              "arg",
              "res",
              "old",
              "ret",
              "bucket",
              "del_seed",
              "del_shrink",
              "rnd",
              "count",
              "genid",
              "gc_len",
              "nchk",
              "ndel",
              "delobj",
              "digest"}),
      m_latest(set.flows.size(), nullptr),
      m_cache(set.config, [this] { return DrawSeed(); })
{
    m_report.name = set.name;
    m_cache.SetEntryFault([this] { return m_failsEntry; });
    for (uint32_t flow = 0; flow < set.flows.size(); ++flow)
    {
        const FlowKeyView key = set.flows[flow];
        if (key.IsCached())
        {
            m_numbers[set.flows[flow]] = flow;
        }
        m_cache.Intern(key);
    }
}

SetReport
FlowCacheReplay::Run()
{
    auto snapshot = m_set.snapshots.begin();
    while (m_file.Next())
    {
        Row got;
        RunOperation(got);
        CompareRow(got);
        if (snapshot != m_set.snapshots.end() && snapshot->row == m_file.GetRow())
        {
            CompareSnapshot(*snapshot++);
        }
    }
    m_report.rows = m_file.GetRows();
    if (m_report.rows != m_set.nRows || snapshot != m_set.snapshots.end())
    {
        throw InputError(m_set.operations.string() + ": " + std::to_string(m_report.rows) +
                         " rows: must be " + std::to_string(m_set.nRows) + " as " + m_set.name +
                         ".meta.json says, and reach each snapshot");
    }
    CompareTotals();
    return std::move(m_report);
}

void
FlowCacheReplay::RunOperation(Row& got)
{
    m_nChecks = 0;
    m_nDeletes = 0;
    m_lastDeleted = 0;
    const std::string& op = m_file.Get(OP);
    switch (op.size() == 1 ? op[0] : '\0')
    {
    case 'L':
        LookUp(got);
        break;
    case 'B':
        m_cache.BumpGenid(static_cast<uint32_t>(m_file.GetNumber(ARG, UINT32_MAX)));
        break;
    case 'R':
        m_cache.RequestReseed();
        break;
    case 'F':
        FlushNow(got);
        break;
    case 'D':
        m_cache.RequestFlush(0);
        break;
    case 'W':
        FlushDeferred(got);
        break;
    case 'G':
        CollectGarbage(got);
        break;
    case 'X':
        SetVerdicts(got);
        break;
    case 'O':
        TakeCpuDown(got);
        break;
    case 'U':
        BringCpuUp(got);
        break;
    default:
        m_file.Fail(OP, "one of L B R F D W G X O U");
    }
    got[GENID] = std::to_string(m_cache.GetGenid());
    got[GC_LEN] = std::to_string(m_cache.GetGarbageLength());
    got[NCHK] = std::to_string(m_nChecks);
    got[NDEL] = std::to_string(m_nDeletes);
    got[DELOBJ] = std::to_string(op == "L" ? m_lastDeleted : 0);
}

void
FlowCacheReplay::LookUp(Row& got)
{
    const CpuId cpu = ReadCpu();
    const uint32_t flow = ReadFlow();
    CacheWork work;
    const CacheAnswer answer = CallLookup(cpu, flow, ReadPlan(), work);
    const FlowTable& table = m_cache.GetTable(cpu);
    got[RES] = GetWord(answer.outcome);
    got[OLD] = m_old ? std::to_string(*m_old) : "-";
    if (answer.error != 0)
    {
        got[RET] = "E" + std::to_string(-answer.error);
    }
    else
    {
        const auto* object = static_cast<const Object*>(answer.object);
        got[RET] = object ? std::to_string(object->number) : "N";
    }
    if (answer.outcome != CacheOutcome::Uncached)
    {
        got[BUCKET] = std::to_string(table.GetBucket(m_set.flows[flow]));
    }
    const bool hasReseeded = work.nReseeds > 0;
    const uint64_t nShrunk = hasReseeded ? 0 : work.nEvicted; // an emptied table never shrinks
    got[DEL_SEED] = std::to_string(hasReseeded ? work.nEvicted : 0);
    got[DEL_SHRINK] = std::to_string(nShrunk);
    got[RND] = Hex(table.GetSeed()) + (hasReseeded ? "*" : "");
    got[COUNT] = std::to_string(table.GetSize());
    if (hasReseeded || nShrunk > 0)
    {
        got[DIGEST] = GetDigest(cpu);
    }
}

CacheAnswer
FlowCacheReplay::CallLookup(CpuId cpu, uint32_t flow, const ResolverPlan& plan, CacheWork& work)
{
    m_old.reset();
    m_failsEntry = plan.failsEntry;
    const auto resolve = [&](CacheObject* old) { return Resolve(plan, flow, old); };
    return m_face == Face::Key ? m_cache.Lookup(cpu, m_set.flows[flow].View(), resolve, work)
                               : m_cache.Lookup(cpu, FlowId{flow}, resolve, work);
}

Resolution
FlowCacheReplay::Resolve(const ResolverPlan& plan, uint32_t flow, CacheObject* given)
{
    auto* old = static_cast<Object*>(given);
    m_old = old ? old->number : 0;
    if (plan.bumpsGenid)
    {
        m_cache.BumpGenid();
    }
    if (plan.kind == 'K' && old)
    {
        old->serves = true;
        old->isValid = true;
        return {old};
    }
    if (old)
    {
        old->isDead = true;
    }
    if (plan.kind == 'Z' || plan.kind == 'E')
    {
        return {nullptr, -plan.error};
    }
    Object& made = m_objects.emplace_back(*this, static_cast<uint32_t>(m_objects.size() + 1));
    m_latest[flow] = &made;
    return {&made};
}

uint32_t
FlowCacheReplay::DrawSeed()
{
    const size_t index = m_nSeeds++;
    return index < m_set.seeds.size() ? m_set.seeds[index] : 0;
}

void
FlowCacheReplay::FlushNow(Row& got)
{
    std::vector<CacheWork> work(m_cache.GetCpus());
    PutFlush(got, m_cache.Flush(ReadCpu(), work));
}

void
FlowCacheReplay::FlushDeferred(Row& got)
{
    std::vector<CacheWork> work(m_cache.GetCpus());
    PutFlush(got, m_cache.RunDeferredFlush(ReadCpu(), work));
}

void
FlowCacheReplay::PutFlush(Row& got, const std::optional<FlowCache::FlushReport>& report)
{
    got[RES] = report ? "run" : "idle";
    got[ARG] = std::to_string(report ? report->nTasklets : 0);
    got[DEL_SHRINK] = std::to_string(report ? report->nRemoved : 0);
    got[COUNT] =
        JoinCpus([this](CpuId cpu) { return std::to_string(m_cache.GetTable(cpu).GetSize()); });
    got[DIGEST] = JoinCpus([this](CpuId cpu) { return GetDigest(cpu); });
}

void
FlowCacheReplay::CollectGarbage(Row& got)
{
    CacheWork work;
    const bool isAsked = m_cache.GetGcCpu().has_value();
    got[RES] = isAsked ? "run" : "idle";
    got[ARG] = std::to_string(isAsked ? m_cache.RunGc(work) : 0);
}

void
FlowCacheReplay::SetVerdicts(Row& got)
{
    const std::string& verdicts = m_file.Get(ARG);
    if (verdicts.size() != 2 || verdicts.find_first_not_of("01") != std::string::npos)
    {
        m_file.Fail(ARG, "two digits, each 0 or 1");
    }
    Object* object = m_latest[ReadFlow()];
    const bool isAlive = object && !object->isDead;
    if (isAlive)
    {
        object->serves = verdicts[0] == '1';
        object->isValid = verdicts[1] == '1';
        m_cache.NoteChange();
    }
    got[RET] = std::to_string(isAlive ? object->number : 0);
}

void
FlowCacheReplay::TakeCpuDown(Row& got)
{
    const CpuId cpu = ReadCpu();
    if (m_cache.IsOnline(cpu) && m_cache.GetOnline() == 1)
    {
        m_file.Fail(CPU, "not the last CPU on line");
    }
    CacheWork work;
    got[DEL_SHRINK] = std::to_string(m_cache.TakeDown(cpu, work));
    got[COUNT] = std::to_string(m_cache.GetTable(cpu).GetSize());
    got[DIGEST] = GetDigest(cpu);
}

void
FlowCacheReplay::BringCpuUp(Row& got)
{
    const CpuId cpu = ReadCpu();
    m_cache.BringUp(cpu);
    got[COUNT] = std::to_string(m_cache.GetTable(cpu).GetSize());
}

CpuId
FlowCacheReplay::ReadCpu() const
{
    return static_cast<CpuId>(m_file.GetNumber(CPU, m_cache.GetCpus() - 1));
}

uint32_t
FlowCacheReplay::ReadFlow() const
{
    const auto flow = static_cast<uint32_t>(m_file.GetNumber(FLOW, UINT32_MAX));
    if (flow >= m_set.flows.size())
    {
        m_file.Fail(FLOW, "a flow of " + m_set.name + ".flows.csv.gz");
    }
    return flow;
}

ResolverPlan
FlowCacheReplay::ReadPlan() const
{
    const std::optional<ResolverPlan> plan = ResolverPlan::Parse(m_file.Get(PLAN));
    if (!plan)
    {
        m_file.Fail(PLAN, ResolverPlan::ALLOWED);
    }
    return *plan;
}

std::vector<SnapshotEntry>
FlowCacheReplay::GetEntries(CpuId cpu) const
{
    std::vector<SnapshotEntry> entries;
    const FlowTable& table = m_cache.GetTable(cpu);
    table.ForEach([&](const FlowEntry& entry) {
        const bool isNext = !entries.empty() && entries.back().bucket == entry.bucket;
        const auto* object = static_cast<const Object*>(entry.object);
        entries.push_back({.cpu = cpu,
                           .bucket = entry.bucket,
                           .place = isNext ? entries.back().place + 1 : 0,
                           .flow = m_numbers.at(table.GetKey(entry)),
                           .genid = entry.genid,
                           .object = object ? object->number : 0});
    });
    return entries;
}

std::string
FlowCacheReplay::GetDigest(CpuId cpu) const
{
    Digest digest;
    for (const SnapshotEntry& entry : GetEntries(cpu))
    {
        digest.Add(entry.bucket);
        digest.Add(entry.flow);
        digest.Add(entry.genid);
        digest.Add(entry.object);
    }
    return Hex64(digest.Get());
}

std::string
FlowCacheReplay::JoinCpus(const std::function<std::string(CpuId)>& get) const
{
    std::vector<std::string> parts;
    for (CpuId cpu = 0; cpu < m_cache.GetCpus(); ++cpu)
    {
        parts.push_back(get(cpu));
    }
    return boost::algorithm::join(parts, ";");
}

void
FlowCacheReplay::CompareRow(const Row& got)
{
    const std::string& op = m_file.Get(OP);
    const bool isArgExpected = op == "F" || op == "W" || op == "G";
    for (size_t column = isArgExpected ? ARG : RES; column < N_COLUMNS; ++column)
    {
        Expect(m_file.GetColumns()[column], m_file.Get(column), got[column]);
    }
}

void
FlowCacheReplay::CompareSnapshot(const Snapshot& snapshot)
{
    // A snapshot shows some CPUs, each in full.
    std::vector<SnapshotEntry> got;
    for (auto entry = snapshot.entries.begin(); entry != snapshot.entries.end(); ++entry)
    {
        if ((entry == snapshot.entries.begin() || entry->cpu != (entry - 1)->cpu) &&
            entry->cpu < m_cache.GetCpus())
        {
            const std::vector<SnapshotEntry> entries = GetEntries(entry->cpu);
            got.insert(got.end(), entries.begin(), entries.end());
        }
    }
    const auto print = [](const std::vector<SnapshotEntry>& entries, size_t i) {
        if (i >= entries.size())
        {
            return std::string("no entry");
        }
        const SnapshotEntry& entry = entries[i];
        return "cpu " + std::to_string(entry.cpu) + " bucket " + std::to_string(entry.bucket) +
               " pos " + std::to_string(entry.place) + " flow " + std::to_string(entry.flow) +
               " genid " + std::to_string(entry.genid) + " obj " + std::to_string(entry.object);
    };
    for (size_t i = 0; i < std::max(got.size(), snapshot.entries.size()); ++i)
    {
        Expect("snap entry " + std::to_string(i), print(snapshot.entries, i), print(got, i));
    }
}

void
FlowCacheReplay::CompareTotals()
{
    Expect("rnd_values consumed", std::to_string(m_set.seeds.size()), std::to_string(m_nSeeds));
    Expect("objects made", std::to_string(m_set.nObjects), std::to_string(m_objects.size()));
}

void
FlowCacheReplay::Expect(const std::string& column,
                        const std::string& expected,
                        const std::string& got)
{
    if (expected != got)
    {
        m_report.mismatches.push_back({m_file.GetRow(), column, expected, got});
    }
}

} // namespace ns3::xfrm::conformance
