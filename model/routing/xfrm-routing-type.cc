/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-routing.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(XfrmRouting);

TypeId
XfrmRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::XfrmRouting")
            .SetParent<Ipv4ListRouting>()
            .SetGroupName("Xfrm")
            .AddConstructor<XfrmRouting>()
            .AddAttribute("Kernel",
                          "Whose lookups: linux-4.1 (a flow cache), linux-4.14 (none, but the last "
                          "chain of each CPU) or linux-4.19 (neither); set before installation",
                          StringValue("linux-4.1"),
                          MakeStringAccessor(&XfrmRouting::m_kernel),
                          MakeStringChecker())
            .AddAttribute(
                "LarvalDrop",
                "Drop packets silently while a state is awaited, else refuse them with "
                "EAGAIN (net.core.xfrm_larval_drop)",
                BooleanValue(true),
                MakeBooleanAccessor(&XfrmRouting::SetLarvalDrop, &XfrmRouting::GetLarvalDrop),
                MakeBooleanChecker())
            .AddAttribute("NoPmtuDisc",
                          "New states send without DF (net.ipv4.ip_no_pmtu_disc); set before "
                          "installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_hasNoPmtuDisc),
                          MakeBooleanChecker())
            .AddAttribute("DefaultTtl",
                          "TTL of outer headers, 1 to 255 (net.ipv4.ip_default_ttl); set before "
                          "installation",
                          UintegerValue(64),
                          MakeUintegerAccessor(&XfrmRouting::m_defaultTtl),
                          MakeUintegerChecker<uint8_t>(1))
            .AddAttribute(
                "GcThreshold",
                "Dst entries of chains above which flow caches are flushed; twice as many "
                "are the most (net.ipv4.xfrm4_gc_thresh); set before installation",
                UintegerValue(32768),
                MakeUintegerAccessor(&XfrmRouting::m_gcThreshold),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute("Epoch",
                          "Wall clock at simulation time 0 in seconds since 1970, from 1, since "
                          "Linux takes 0 for never; set before installation",
                          UintegerValue(1434931200),
                          MakeUintegerAccessor(&XfrmRouting::m_epoch),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("WorkDelay",
                          "Time from asking for a work item (gc, flush, growth of tables) until it "
                          "runs; set before installation",
                          TimeValue(MicroSeconds(10)),
                          MakeTimeAccessor(&XfrmRouting::m_workDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SocketCache",
                          "TCP and connected UDP sockets keep their chains (sk_dst_cache); set "
                          "before installation",
                          BooleanValue(true),
                          MakeBooleanAccessor(&XfrmRouting::m_useSocketCache),
                          MakeBooleanChecker())
            .AddAttribute("PathMtuDiscovery",
                          "Of packets of this host whose sockets do not say: Linux has Want "
                          "(IP_MTU_DISCOVER), nodes of ns-3 are Dont; set before installation",
                          EnumValue(static_cast<int>(xfrm::PathMtuDiscovery::Dont)),
                          MakeEnumAccessor(&XfrmRouting::m_discovery),
                          MakeEnumChecker(static_cast<int>(xfrm::PathMtuDiscovery::Dont),
                                          "Dont",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Want),
                                          "Want",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Do),
                                          "Do",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Probe),
                                          "Probe",
                                          static_cast<int>(xfrm::PathMtuDiscovery::Omit),
                                          "Omit"))
            .AddAttribute("ForwardUsePmtu",
                          "Hold what is forwarded against the path MTU instead of the device's "
                          "(net.ipv4.ip_forward_use_pmtu); set before installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_forwardsByPathMtu),
                          MakeBooleanChecker())
            .AddAttribute(
                "Crypto",
                "Bytes of packets: Real, Sizes (only lengths are right), or Auto: real if the "
                "node, or one next to it, has a device of the host that simulates",
                EnumValue(CRYPTO_AUTO),
                MakeEnumAccessor(&XfrmRouting::SetCrypto, &XfrmRouting::GetCrypto),
                MakeEnumChecker(CRYPTO_AUTO, "Auto", CRYPTO_REAL, "Real", CRYPTO_SIZES, "Sizes"))
            .AddAttribute("RandomIv",
                          "Draw initialisation vectors, else they are the sequence number; set "
                          "before installation",
                          BooleanValue(false),
                          MakeBooleanAccessor(&XfrmRouting::m_hasRandomIvs),
                          MakeBooleanChecker())
            .AddAttribute("Cores",
                          "Cores that work on packets, an XfrmCores; null: all work takes no time; "
                          "set before installation",
                          PointerValue(),
                          MakePointerAccessor(&XfrmRouting::m_coreSettings),
                          MakePointerChecker<XfrmCores>())
            .AddTraceSource("Lookup",
                            "Output decided on a packet",
                            MakeTraceSourceAccessor(&XfrmRouting::m_lookupTrace),
                            "ns3::xfrm::IpsecTraces::LookupCallback")
            .AddTraceSource("FlowCacheShrink",
                            "A core's flow cache was shrunk",
                            MakeTraceSourceAccessor(&XfrmRouting::m_shrinkTrace),
                            "ns3::xfrm::IpsecTraces::EvictionCallback")
            .AddTraceSource("FlowCacheReseed",
                            "A core's flow cache drew a new seed and dropped all entries",
                            MakeTraceSourceAccessor(&XfrmRouting::m_reseedTrace),
                            "ns3::xfrm::IpsecTraces::EvictionCallback")
            .AddTraceSource("BundleCreated",
                            "A chain was built",
                            MakeTraceSourceAccessor(&XfrmRouting::m_bundleTrace),
                            "ns3::xfrm::IpsecTraces::BundleCallback")
            .AddTraceSource("Transformed",
                            "A packet went through its chain and leaves",
                            MakeTraceSourceAccessor(&XfrmRouting::m_transformTrace),
                            "ns3::xfrm::IpsecTraces::TransformCallback")
            .AddTraceSource("Dropped",
                            "IPsec dropped a packet",
                            MakeTraceSourceAccessor(&XfrmRouting::m_dropTrace),
                            "ns3::xfrm::IpsecTraces::DropCallback")
            .AddTraceSource("RingDropped",
                            "A packet was lost in front of a full receive queue",
                            MakeTraceSourceAccessor(&XfrmRouting::m_ringDropTrace),
                            "ns3::xfrm::IpsecTraces::RingDropCallback")
            .AddTraceSource("Acquire",
                            "A state is wanted: key managers are asked",
                            MakeTraceSourceAccessor(&XfrmRouting::m_acquireTrace),
                            "ns3::xfrm::IpsecTraces::AcquireCallback")
            .AddTraceSource("StateExpired",
                            "A state reached a soft or hard limit",
                            MakeTraceSourceAccessor(&XfrmRouting::m_expireTrace),
                            "ns3::xfrm::IpsecTraces::ExpireCallback")
            .AddTraceSource("PolicyExpired",
                            "A policy reached a soft or hard limit of time",
                            MakeTraceSourceAccessor(&XfrmRouting::m_policyExpireTrace),
                            "ns3::xfrm::IpsecTraces::PolicyExpireCallback")
            .AddTraceSource("MappingChanged",
                            "Packets of a state come from another address or UDP port than it says",
                            MakeTraceSourceAccessor(&XfrmRouting::m_mappingTrace),
                            "ns3::xfrm::IpsecTraces::MappingCallback")
            .AddTraceSource("SendVerdict",
                            "What the kernel's sendto() would have returned to a packet's sender",
                            MakeTraceSourceAccessor(&XfrmRouting::m_verdictTrace),
                            "ns3::xfrm::IpsecTraces::VerdictCallback");
    return tid;
}

} // namespace ns3
