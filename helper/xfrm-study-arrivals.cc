/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-study-arrivals.h"

#include "xfrm-ip-bytes.h"
#include "xfrm-pcap-reader.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <tuple>

namespace ns3::xfrm
{

namespace
{

/// A class of packets as its user asks for it.
struct ClassSettings
{
    std::string name{"all"};         //!< its name
    uint32_t flows{1};               //!< flows
    double zipf{1};                  //!< exponent
    double rate{0};                  //!< rate, 0: share holds [1/s]
    double share{0};                 //!< share of the total rate
    std::string population{"zipf"};  //!< which flows
    Time lifetime{Seconds(1)};       //!< churn: mean life of a flow
    std::string arrivals{"poisson"}; //!< distances
    Time on{MilliSeconds(1)};        //!< on-off: mean time with packets
    Time off{MilliSeconds(1)};       //!< on-off: mean time without
    uint32_t size{100};              //!< length [bytes]
    Time start;                      //!< when it begins
    Time stop;                       //!< when it ends, 0: with the study
};

/// @return what the words of a class may be
const std::vector<Option<ClassSettings>>&
GetClassOptions()
{
    using C = ClassSettings;
    using Make = OptionMaker<ClassSettings>;
    static const std::vector<Option<ClassSettings>> options{
        Make::Text("name", "NAME", "", &C::name),
        Make::Whole("flows", "N", "", &C::flows, 1, FlowConfig::MAX_FLOWS),
        Make::Real("zipf", "EXPONENT", "", &C::zipf, 0, FlowConfig::MAX_EXPONENT),
        Make::Real("rate", "PPS", "", &C::rate, 1e-3, 1e11),
        Make::Real("share", "SHARE", "", &C::share, 1e-9, 1),
        Make::Word("population", "", &C::population, {"zipf", "uniform", "scan", "churn", "once"}),
        Make::Duration("lifetime", "", &C::lifetime, false),
        Make::Word("arrivals", "", &C::arrivals, {"poisson", "constant", "on-off"}),
        Make::Duration("on", "", &C::on, false),
        Make::Duration("off", "", &C::off, true),
        Make::Whole("size", "BYTES", "", &C::size, 28, 65535),
        Make::Duration("start", "", &C::start, true),
        Make::Duration("stop", "", &C::stop, true)};
    return options;
}

FlowConfig::Kind
ToPopulation(const std::string& word)
{
    using enum FlowConfig::Kind;
    const std::map<std::string, FlowConfig::Kind> kinds{{"zipf", Zipf},
                                                        {"uniform", Uniform},
                                                        {"scan", Scan},
                                                        {"churn", Churn},
                                                        {"once", Once}};
    return kinds.at(word);
}

ArrivalConfig::Kind
ToArrivals(const std::string& word)
{
    using enum ArrivalConfig::Kind;
    const std::map<std::string, ArrivalConfig::Kind> kinds{{"poisson", Poisson},
                                                           {"constant", Constant},
                                                           {"on-off", OnOff}};
    return kinds.at(word);
}

TrafficClass
MakeClass(const ClassSettings& settings)
{
    TrafficClass made;
    made.name = settings.name;
    made.arrivals.kind = ToArrivals(settings.arrivals);
    made.arrivals.rate = settings.rate;
    made.arrivals.on = settings.on;
    made.arrivals.off = settings.off;
    made.arrivals.start = settings.start;
    made.arrivals.stop = settings.stop.IsZero() ? Time::Max() : settings.stop;
    made.flows.kind = ToPopulation(settings.population);
    made.flows.nFlows = settings.flows;
    made.flows.exponent = settings.zipf;
    made.flows.lifetime = settings.lifetime;
    made.lengthBytes = static_cast<uint16_t>(settings.size);
    made.share = settings.share;
    return made;
}

/// @return the only class, if no other is asked for
TrafficClass
MakeOnlyClass(const StudySettings& settings)
{
    ClassSettings all;
    all.flows = settings.flows;
    all.zipf = settings.zipf;
    all.rate = settings.rate;
    all.population = settings.population;
    all.lifetime = settings.lifetime;
    all.arrivals = settings.arrivals;
    all.on = settings.on;
    all.off = settings.off;
    all.size = settings.size;
    return MakeClass(all);
}

/// @brief Refuse a word of a class.  @param text the class @param word the word
[[noreturn]] void
ThrowWrongWord(const std::string& text, const std::string& word)
{
    std::string error = "class ";
    error.append(text).append(": ").append(word).append(": must be NAME=VALUE with one of ");
    std::string comma;
    for (const auto& each : GetClassOptions())
    {
        error.append(comma).append(each.name);
        comma = ", ";
    }
    throw ConfigError(error);
}

/// @return a class by its words, such as "name=voice share=0.2"
TrafficClass
ParseClass(const std::string& text, size_t number)
{
    ClassSettings settings;
    settings.name = "class" + std::to_string(number);
    std::istringstream words(text);
    for (std::string word; words >> word;)
    {
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const auto& options = GetClassOptions();
        const auto option = std::find_if(options.begin(), options.end(), [&](const auto& each) {
            return each.name == name;
        });
        if (option == options.end() || equals == std::string::npos)
        {
            ThrowWrongWord(text, word);
        }
        option->Set(settings, word.substr(equals + 1));
    }
    if ((settings.rate > 0) == (settings.share > 0))
    {
        throw ConfigError("class " + text + ": must have either a rate or a share");
    }
    return MakeClass(settings);
}

/// @brief Refuse a line of a list.  @param place file and line @param line its text
[[noreturn]] void
ThrowWrongLine(const std::string& place, const std::string& line)
{
    throw ConfigError(place + ": " + line +
                      ": must be a time in ns that does not fall, a flow from 0 and a length from "
                      "28 to 65535");
}

/// @return arrivals of a text file: a line a packet
std::shared_ptr<const ArrivalList>
ReadList(const std::string& file)
{
    std::ifstream stream(file);
    if (!stream)
    {
        throw ConfigError("traffic.list " + file + ": must be a file that can be read");
    }
    const auto list = std::make_shared<ArrivalList>();
    size_t number = 0;
    int64_t last = 0;
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        if (line.empty() || line.front() == '#')
        {
            continue;
        }
        std::istringstream words(line);
        int64_t ns = -1;
        int64_t flow = -1;
        int64_t length = -1;
        std::string rest;
        words >> ns >> flow >> length;
        if (!words || words >> rest || ns < last || flow < 0 || flow >= FlowConfig::MAX_FLOWS ||
            length < 28 || length > UINT16_MAX)
        {
            ThrowWrongLine(file + ":" + std::to_string(number), line);
        }
        last = ns;
        list->push_back({ns, static_cast<uint32_t>(flow), 0, static_cast<uint16_t>(length)});
    }
    return list;
}

/// @return the flow of a captured packet
Flow
DecodeCaptured(const IpBytes& packet)
{
    Flow flow;
    flow.common.proto = packet.GetProtocol();
    flow.common.tos = packet.GetTos();
    flow.source = packet.GetSource();
    flow.destination = packet.GetDestination();
    const std::span<const uint8_t> payload = packet.GetPayload();
    const bool hasPorts = flow.common.proto == PROTO_UDP || flow.common.proto == PROTO_TCP;
    if (hasPorts && !packet.IsFragment() && payload.size() >= 4)
    {
        flow.upper = UpperLayer::Ports(ReadUint16(payload, 0), ReadUint16(payload, 2));
    }
    return flow;
}

/// @return packets of a capture, since the first @param flows filled with their flows
std::shared_ptr<const ArrivalList>
ReadCapture(const std::string& file, std::vector<Flow>& flows)
{
    using Index = std::tuple<IpAddress, IpAddress, uint8_t, uint8_t, std::array<uint8_t, 4>>;
    const auto less = [](const Index& a, const Index& b) {
        const auto order = [](const Index& each) {
            return std::tuple(std::get<0>(each).GetFirstWord(),
                              std::get<1>(each).GetFirstWord(),
                              std::get<2>(each),
                              std::get<3>(each),
                              std::get<4>(each));
        };
        return order(a) < order(b);
    };
    std::map<Index, uint32_t, decltype(less)> numbers(less);
    const auto list = std::make_shared<ArrivalList>();
    PcapReader reader(file);
    std::optional<Time> first;
    while (const auto packet = reader.Next())
    {
        const IpBytes bytes(packet->ip);
        if (packet->isTruncated && packet->ip.size() < 24)
        {
            continue;
        }
        first = first.value_or(packet->time);
        const Flow flow = DecodeCaptured(bytes);
        const Index index{flow.source,
                          flow.destination,
                          flow.common.proto,
                          flow.common.tos,
                          flow.upper.GetBytes()};
        const auto [place, isNew] = numbers.try_emplace(index, static_cast<uint32_t>(flows.size()));
        if (isNew)
        {
            flows.push_back(flow);
        }
        const int64_t since = (packet->time - *first).GetNanoSeconds();
        const int64_t ns = list->empty() ? 0 : std::max(since, list->back().ns);
        const auto length =
            static_cast<uint16_t>(std::min<size_t>(ReadUint16(packet->ip, 2), UINT16_MAX));
        list->push_back({ns, place->second, 0, length});
    }
    return list;
}

} // namespace

void
SetArrivals(const StudySettings& settings, StudyConfig& config)
{
    TrafficConfig& traffic = config.traffic;
    traffic.seed = settings.seed;
    traffic.attackShare = settings.attack;
    traffic.attackBytes = static_cast<uint16_t>(settings.size);
    if (!settings.pcap.empty() && !settings.list.empty())
    {
        throw ConfigError("traffic.pcap " + settings.pcap +
                          ": must not be given with traffic.list");
    }
    const std::string file = settings.pcap + settings.list;
    if (!file.empty() && !settings.classes.empty())
    {
        throw ConfigError("class " + settings.classes.front() +
                          ": must not be given with packets of a file, " + file);
    }
    if (!file.empty())
    {
        TrafficClass recorded;
        recorded.name = "recorded";
        recorded.recorded = settings.list.empty()
                                ? ReadCapture(settings.pcap, config.policies.flows)
                                : ReadList(settings.list);
        if (recorded.recorded->empty())
        {
            throw ConfigError(file + ": must have a packet");
        }
        traffic.classes = {recorded};
        return;
    }
    if (settings.classes.empty())
    {
        traffic.classes = {MakeOnlyClass(settings)};
        return;
    }
    traffic.totalRate = settings.rate;
    for (const std::string& text : settings.classes)
    {
        traffic.classes.push_back(ParseClass(text, traffic.classes.size() + 1));
    }
}

} // namespace ns3::xfrm
