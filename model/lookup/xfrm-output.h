/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_OUTPUT_H
#define XFRM_OUTPUT_H

#include "xfrm-context.h"
#include "xfrm-ip-header.h"
#include "xfrm-namespace.h"

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <functional>
#include <optional>

namespace ns3::xfrm
{

/// One transformation that was done to a packet.
struct SealedLayer
{
    Ptr<State> state;     //!< by which state
    uint64_t sequence{0}; //!< sequence number; without ESN its low 32 bits
    IpHeader inside;      //!< IP header before it: in tunnel mode now inside, else replaced
    uint32_t clearBytes{
        0}; //!< what is protected: tunnel, the inner packet; transport, what followed
            //!< the IP header [bytes]
    uint8_t nextHeader{0};   //!< protocol of what is protected
    uint32_t padToBytes{0};  //!< it was padded to this first (TFC), 0 not [bytes]
    uint32_t sealedBytes{0}; //!< what follows the IP header now [bytes]
};

/// Transformations that were done to a packet, innermost first.
using SealedLayers = boost::container::static_vector<SealedLayer, MAX_DEPTH>;

/// What a layer's bytes became.
struct SealedSize
{
    int32_t error{0};    //!< 0 or a negative errno: the packet is dropped
    bool isSealed{true}; //!< false: left as it is, without a header of the layer's own (R235)
    uint32_t bytes{0};   //!< length of what follows the IP header now [bytes]
};

/**
 * @ingroup xfrm
 * @brief The bytes of a packet that output seals layer by layer; whoever has them implements it.
 */
class ClearPacket
{
  public:
    virtual ~ClearPacket() = default;

    /**
     * @brief Protect what the packet holds now (the output of a struct xfrm_type).
     * @param layer how: all but its sealedBytes
     * @param outside the IP header in front of it, with the protocol that it has if it is sealed
     * @return what it became
     */
    virtual SealedSize Seal(const SealedLayer& layer, const IpHeader& outside) = 0;
};

/// A packet on its way through a chain.
struct OutputPacket
{
    IpHeader header;             //!< its outermost header
    uint32_t length{0};          //!< its length, header included [bytes]
    bool mayExceedMtu{false};    //!< its sender lets it be fragmented (ignore_df)
    bool hasSocket{false};       //!< a socket of this host sent it
    bool wasSizeTested{false};   //!< it passed a size test, which is done once (R222)
    ClearPacket* bytes{nullptr}; //!< makes the bytes; null: only lengths count
    SealedLayers layers;         //!< what was done
};

/// How output ended.
struct OutputResult
{
    int32_t error{0};                 //!< 0, or a negative errno: the packet is dropped
    std::optional<Counter> counter{}; //!< the counter that was moved
    uint32_t mtu{0}; //!< with -EMSGSIZE: what would have fit; the socket, or without one the source
                     //!< by ICMP, is told [bytes]
};

/// Steps of output that fail only for want of memory or by a broken chain, and so by faults.
enum class OutputStep : uint8_t
{
    Headroom, //!< room for the headers (R210): -ENOMEM
    Protocol, //!< the protocol's own work (R216): -ENOMEM
    Pop       //!< on to the next element (R203, R217): -EHOSTUNREACH
};

/**
 * @ingroup xfrm
 * @brief Sends packets through chains: headers, sequence numbers, lifetimes and sizes.
 *
 * Source: xfrm_output_resume(), xfrm_output_one(), xfrm4_mode_tunnel_output(),
 * xfrm4_transport_output() and xfrm4_tunnel_check_size(), Linux 4.1 (R200 to R203, R210 to R227).
 * Left out: segmentation offload (R201), netfilter hooks.
 *
 * Bytes are the caller's: OutputPacket::bytes is told how to make them.
 */
class Output
{
  public:
    /// @param net the namespace; must outlive this
    explicit Output(Namespace& net);

    /**
     * @brief Transform a packet (xfrm_output()).
     * @param bundle the chain
     * @param packet the packet; changed into what leaves by the chain's path, or as far as it came
     * @param context where it runs
     * @return how it ended
     */
    OutputResult Send(const Bundle& bundle, OutputPacket& packet, const Context& context);

    /**
     * @brief Let steps fail.
     * @param failsStep called before each such step with it and the number of the element, true
     * lets
     *                  it fail; empty: never
     */
    void SetFault(std::function<bool(OutputStep, size_t)> failsStep);

  private:
    OutputResult Transform(const Bundle& bundle,
                           size_t index,
                           OutputPacket& packet,
                           const Context& context);
    OutputResult Admit(State& state, SealedLayer& layer, const Context& context);
    OutputResult CheckSize(const BundleElement& element, OutputPacket& packet);
    OutputResult Seal(OutputPacket& packet, SealedLayer& layer, const Context& context);
    void PushTunnelHeader(const Bundle& bundle, size_t index, OutputPacket& packet);
    bool Fails(OutputStep step, size_t index) const;
    OutputResult Fail(int32_t error, Counter counter, uint32_t mtu = 0);
    uint16_t NextId(const IpHeader& header);

    Namespace& m_net;                   //!< the namespace
    std::array<uint16_t, 2048> m_ids{}; //!< next identifications, by hash of the header (ip_idents)
    std::function<bool(OutputStep, size_t)> m_failsStep; //!< whether a step fails
};

} // namespace ns3::xfrm

#endif // XFRM_OUTPUT_H
