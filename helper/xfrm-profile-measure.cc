/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-profile-measure.h"

#include "xfrm-validation-host.h"

#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-jhash.h"
#include "ns3/xfrm-layer-codec.h"
#include "ns3/xfrm-template-resolver.h"
#include "ns3/xfrm-transform.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr int TURNS{7};             //!< timings, of which the shortest counts
constexpr uint32_t FLOWS{4000};     //!< flows of a table that is full, nearly
constexpr uint32_t CALLS{4000};     //!< calls in a timing
constexpr size_t KEY_WORDS{8};      //!< words of an IPv4 key that are hashed
constexpr size_t SHORT_BYTES{208};  //!< a short packet [bytes]
constexpr size_t LONG_BYTES{1408};  //!< a long packet [bytes]
constexpr uint32_t SHORT_LIST{100}; //!< policies of a short list
constexpr uint32_t LONG_LIST{1000}; //!< policies of a long list

/// Keeps the compiler from leaving out what nobody looks at.
volatile uint64_t g_sink; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// @param nCalls how often it does what is timed @param prepare called before each timing
/// @param run does it all @return the shortest time of one [ns]
template <class Prepare, class Run>
double
TimeBest(uint32_t nCalls, const Prepare& prepare, const Run& run)
{
    using Clock = std::chrono::steady_clock;
    double best = std::numeric_limits<double>::max();
    for (int turn = 0; turn < TURNS; ++turn)
    {
        prepare();
        const auto begin = Clock::now();
        run();
        const std::chrono::duration<double, std::nano> time = Clock::now() - begin;
        best = std::min(best, time.count() / nCalls);
    }
    return best;
}

/// @param call what is timed; called with a number from 0 @return its shortest mean time [ns]
template <class Call>
double
TimeCalls(const Call& call)
{
    return TimeBest(
        CALLS,
        [] {},
        [&] {
            for (uint32_t i = 0; i < CALLS; ++i)
            {
                call(i);
            }
        });
}

Flow
MakeFlow(uint32_t network)
{
    return MakeForwardedFlow(
        validation::SOURCE,
        Ipv4Address(validation::FIRST_NETWORK + network * validation::NETWORK_STEP + 1),
        1);
}

/// A host with a list of policies that one tunnel serves.
class TimedHost
{
  public:
    TimedHost(const std::string& kernel, uint32_t nPolicies)
        : m_host({.kernel = kernel})
    {
        m_host.Add(m_tunnel.MakeState());
        for (uint32_t i = 0; i < nPolicies; ++i)
        {
            const Ipv4Address network(validation::FIRST_NETWORK + i * validation::NETWORK_STEP);
            m_host.Add(m_tunnel.MakePolicy(Direction::Out, validation::SOURCE_NET, network));
            m_host.Add(m_tunnel.MakePolicy(Direction::Forward, network, validation::SOURCE_NET));
        }
    }

    ValidationHost& Get()
    {
        return m_host;
    }

    Namespace& GetNamespace()
    {
        return m_host.GetNamespace();
    }

    const ValidationTunnel& GetTunnel() const
    {
        return m_tunnel;
    }

    /// @return where it runs
    Context Here()
    {
        return {0, Time(0), m_work};
    }

    /// @return time of a decision on a known flow [ns]
    double TimeDecide()
    {
        const Flow flow = MakeFlow(0);
        return TimeCalls([&](uint32_t) { m_host.Decide(flow, Here()); });
    }

  private:
    Work m_work; //!< of all that is timed
    const ValidationTunnel m_tunnel{Ipv4Address("192.0.2.1"), Ipv4Address("192.0.2.2"), 1};
    ValidationHost m_host; //!< the host
};

/// Times steps, and keeps their prices.
class Meter
{
  public:
    explicit Meter(const std::function<void(const std::string&)>& tell)
        : m_tell(tell)
    {
    }

    /// @brief Time all steps.  @return times, by name of the price [ns]
    std::map<std::string, double> Run()
    {
        Tell("the flow cache");
        TimeHash();
        TimeCache();
        Tell("policies");
        TimePolicies();
        Tell("states and chains");
        TimeDecisions();
        TimePackets();
        Tell("ciphers");
        TimeCiphers();
        return m_prices;
    }

  private:
    void Tell(const std::string& what) const
    {
        if (m_tell)
        {
            m_tell(what);
        }
    }

    void Set(const std::string& name, double ns)
    {
        m_prices[name] = std::max(ns, 0.0);
    }

    void TimeHash()
    {
        std::array<uint32_t, KEY_WORDS> words{1, 2, 3, 4, 5, 6, 7, 8};
        const double ns = TimeCalls([&](uint32_t) {
            words[0] = Jhash2(words.data(), words.size(), words[0]); // one waits for the other
        });
        g_sink = words[0];
        Set("cache_hashed_word", ns / KEY_WORDS);
    }

    void TimeCache()
    {
        std::vector<FlowKey> keys;
        for (uint32_t i = 0; i < FLOWS; ++i)
        {
            keys.push_back(MakeFlow(i * 7919 % FLOWS).MakeKey(Direction::Out));
        }
        const auto resolve = [](CacheObject*) { return Resolution(); };
        std::unique_ptr<FlowCache> cache;
        CacheWork work;
        const auto fill = [&] {
            for (const FlowKey& key : keys)
            {
                cache->Lookup(0, key.View(), resolve, work);
            }
        };
        const auto renew = [&] {
            cache = std::make_unique<FlowCache>(FlowCache::Config(), [] { return 1U; });
        };
        const double hash = m_prices["cache_hashed_word"] * KEY_WORDS;
        Set("cache_miss", TimeBest(FLOWS, renew, fill) - hash);
        m_hit = TimeBest(
            FLOWS,
            [] {},
            fill);
        Set("cache_hit", m_hit - hash);
        Set("cache_negative", m_hit - hash);
        Set("cache_refused", m_hit - hash);
        Set("cache_stale", m_prices["cache_miss"]);
        const auto drop = [&] {
            cache->RequestReseed();
            cache->Lookup(0, keys.front().View(), resolve, work);
        };
        Set("cache_evicted",
            TimeBest(
                FLOWS,
                [&] { renew(), fill(); },
                drop));
        Set("cache_destroyed",
            TimeBest(
                FLOWS,
                [&] { renew(), fill(), drop(); },
                [&] { cache->RunGc(work); }));
    }

    double TimePolicyList(uint32_t nPolicies)
    {
        TimedHost host("linux-4.1", nPolicies);
        const Flow flow = MakeFlow(nPolicies - 1);
        PolicyWork work;
        const double ns = TimeCalls([&](uint32_t) {
            host.GetNamespace().GetPolicies().Lookup(flow, Direction::Out, work);
        });
        m_nCompared = static_cast<double>(work.nInexactCompared) / (TURNS * CALLS);
        return ns;
    }

    void TimePolicies()
    {
        const double few = TimePolicyList(SHORT_LIST);
        const double nFew = m_nCompared;
        const double many = TimePolicyList(LONG_LIST);
        Set("policy_inexact_compared", (many - few) / (m_nCompared - nFew));
        const double one = TimePolicyList(1);
        m_policy = one;
        Set("policy_exact_compared", m_prices["policy_inexact_compared"]);
        // Searches of both types are counted (R109); a list of one is compared in each.
        Set("policy_lookup", (one - m_nCompared * m_prices["policy_inexact_compared"]) / 2);
    }

    void TimeDecisions()
    {
        TimedHost cached("linux-4.1", 1);
        Set("output_lookup", cached.TimeDecide() - m_hit);
        TimedHost last("linux-4.14", 1);
        TimedHost nothing("linux-4.19", 1);
        const Flow flow = MakeFlow(0);
        PolicyWork unused;
        const std::vector<Ptr<Policy>> policies{
            last.GetNamespace().GetPolicies().Lookup(flow, Direction::Out, unused)};
        Set("state_find", TimeCalls([&](uint32_t) {
                ResolveTemplates(last.GetNamespace(), policies, flow, last.Here());
            }));
        const double again = last.TimeDecide();
        const double known = m_prices["output_lookup"] + m_policy + m_prices["state_find"];
        Set("bundle_reused", again - known);
        Set("bundle", nothing.TimeDecide() - known);
        Set("bundle_element", 0);
        Set("bundle_route", 0);
    }

    void TimePackets()
    {
        TimedHost host("linux-4.1", 1);
        ValidationHost& gateway = host.Get();
        UsedObjects used;
        const Flow flow = MakeFlow(0);
        const double forward = TimeCalls([&](uint32_t) {
            used.states.clear();
            used.lines.clear();
            gateway.Forward(flow, SHORT_BYTES, {}, host.Here(), used);
        });
        // That was a full check, a decision, and a layer.
        const double check = TimeCheck(host, flow);
        Set("policy_check", check - m_hit);
        Set("seal", forward - check - m_prices["output_lookup"] - m_hit);
        Set("seal_state", 0);
        ValidationHost::Sealed sealed{host.GetTunnel().MakeState().id, 0, SHORT_BYTES};
        const double open = TimeCalls([&](uint32_t) {
            used.states.clear();
            ++sealed.sequence;
            gateway.Open(sealed, host.Here(), used);
        });
        StateWork work;
        const double search = TimeCalls([&](uint32_t) {
            host.GetNamespace().GetStates().LookupBySpi(sealed.id, 0, Family::Ipv4, work);
        });
        Set("spi_lookup", search);
        Set("open", open - search);
        Set("open_state", 0);
    }

    static double TimeCheck(TimedHost& host, const Flow& flow)
    {
        PolicyCheck check(host.GetNamespace());
        const SecPath path;
        return TimeCalls(
            [&](uint32_t) { check.Check(Direction::Forward, &flow, path, host.Here()); });
    }

    /// @return time of a byte in ESP with a cipher and a digest [ns]
    static double TimeBytes(const StateConfig& config)
    {
        const auto codec = MakeTransformType(config)->MakeCodec(config);
        const std::vector<uint8_t> iv(codec->GetIvLength());
        SealInput input;
        input.iv = iv;
        const auto time = [&](size_t nBytes) {
            const std::vector<uint8_t> clear(nBytes);
            return TimeCalls([&](uint32_t) { codec->Seal(clear, input); });
        };
        return (time(LONG_BYTES) - time(SHORT_BYTES)) / (LONG_BYTES - SHORT_BYTES);
    }

    static StateConfig MakeState(const Algorithm& encryption, const Algorithm& auth)
    {
        StateConfig state =
            ValidationTunnel{validation::SOURCE, validation::SOURCE_NET, 1}.MakeState();
        state.encryption = encryption;
        state.auth = auth;
        return state;
    }

    void TimeCiphers()
    {
        const auto key = [](size_t nBytes) { return std::vector<uint8_t>(nBytes, uint8_t{0x42}); };
        const Algorithm noCipher{.name = "ecb(cipher_null)", .key = {}};
        const Algorithm noDigest{.name = "digest_null", .key = {}};
        ValidationTunnel gcm{validation::SOURCE,
                             validation::SOURCE_NET,
                             1,
                             ValidationCipher::AesGcm};
        Set("cipher_aes_gcm_byte", TimeBytes(gcm.MakeState()));
        Set("cipher_aes_byte",
            TimeBytes(MakeState({.name = "cbc(aes)", .key = key(16)}, noDigest)));
        Set("cipher_other_byte",
            TimeBytes(MakeState({.name = "cbc(des3_ede)", .key = key(24)}, noDigest)));
        Set("digest_sha1_byte",
            TimeBytes(MakeState(noCipher, {.name = "hmac(sha1)", .key = key(20)})));
        Set("digest_sha2_byte",
            TimeBytes(MakeState(noCipher, {.name = "hmac(sha256)", .key = key(32)})));
    }

    const std::function<void(const std::string&)>& m_tell; //!< told what is timed
    std::map<std::string, double> m_prices;                //!< by name [ns]
    double m_hit{0};       //!< a hit of the flow cache, hash included [ns]
    double m_policy{0};    //!< a search of a list of one policy [ns]
    double m_nCompared{0}; //!< policies compared in the last search
};

/// @return a number with two decimals
double
Round(double value)
{
    return std::round(value * 100) / 100;
}

} // namespace

std::string
MeasureProfile(const std::function<void(const std::string& what)>& tell)
{
    const std::map<std::string, double> times = Meter(tell).Run();
    const CostProfile usual = CostProfile::Load("linux-4.1-default");
    Json json = Json::parse(CostProfile::GetText("linux-4.1-default"));
    json["name"] = "measured";
    json["description"] = "This module's own steps as timed on the present machine, which are not "
                          "the kernel's; a cycle stands for a nanosecond";
    json["frequency_hz"] = 1e9;
    const double nsPerCycle = 1e9 / usual.GetFrequency();
    for (const char* list : {"prices", "contention"})
    {
        for (auto& [name, price] : json[list].items())
        {
            const auto timed = times.find(name);
            const bool isTimed = timed != times.end();
            const double cycles = price["cycles"].get<double>() * nsPerCycle;
            price.erase("range");
            price["cycles"] = Round(isTimed ? timed->second : cycles);
            price["source"] = isTimed ? "timed here: this module's own code"
                                      : "not timed: linux-4.1-default's, as nanoseconds";
        }
    }
    return json.dump(2) + "\n";
}

} // namespace ns3::xfrm
