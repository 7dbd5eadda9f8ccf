/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PCAP_REPLAY_H
#define XFRM_PCAP_REPLAY_H

#include "xfrm-pcap-reader.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ns3
{

/**
 * @ingroup xfrm
 * @brief Sends the IPv4 packets of a capture file again, with their own headers.
 *
 * The first packet leaves when the application starts; the others follow at the distances of the
 * file, times TimeScale, or at a constant rate.  What was captured later than what stands behind
 * it leaves first nevertheless: the order is that of the file.  A further pass over the file
 * (Repeat) begins one mean distance after the last packet.
 *
 * A packet leaves as from a raw socket with IP_HDRINCL, whatever its source address; or, with
 * ReceiveFrom, it comes in by a device of the node, which delivers or forwards it.  What a
 * capture cut off is zeros.  Not sent, but told of by trace source Skipped: frames that
 * xfrm::PcapReader skips, packets with IP options, which Ipv4Header does not carry, and what a host
 * is to send to a link-local multicast or the limited broadcast address, without a route, or
 * against IPsec's verdict.
 *
 * A file that is missing or damaged, or a filter that is wrong, aborts.  The file is read while
 * the simulation runs, a packet at a time.
 */
class XfrmPcapReplay : public Application
{
  public:
    /// @return the type
    static TypeId GetTypeId();

    XfrmPcapReplay();
    XfrmPcapReplay(const XfrmPcapReplay&) = delete;
    XfrmPcapReplay& operator=(const XfrmPcapReplay&) = delete;
    ~XfrmPcapReplay() override;

    /// @return packets sent so far
    uint64_t GetSent() const;

    /// @return frames of the file that were not sent so far, without those that the filter hides
    uint64_t GetSkipped() const;

    /// Signature of trace source Skipped: number of the frame in the file, and why in words.
    using SkippedCallback = void (*)(uint64_t number, const std::string& why);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void Open();
    std::optional<xfrm::CapturedPacket> Read();
    void ScheduleNext();
    Time GetSendTime(const xfrm::CapturedPacket& packet) const;
    Time BeginPass();
    const char* FindObstacle(const Ipv4Header& header) const;
    void Send(const xfrm::CapturedPacket& captured);
    bool SendAsHost(const Ptr<Packet>& packet);
    void Skip(uint64_t number, const std::string& why);

    std::string m_fileName;    //!< attribute FileName
    std::string m_filter;      //!< attribute Filter
    double m_rate{0};          //!< attribute Rate [packets/s]
    double m_timeScale{1};     //!< attribute TimeScale
    uint32_t m_repeat{1};      //!< attribute Repeat
    int32_t m_receiveFrom{-1}; //!< attribute ReceiveFrom
    uint32_t m_nPasses{0};     //!< passes begun
    uint64_t m_nInPass{0};     //!< packets read in this pass
    uint64_t m_nRead{0};       //!< packets read
    uint64_t m_nSent{0};       //!< packets sent
    uint64_t m_nSkipped{0};    //!< frames not sent
    Time m_start;              //!< when the first packet left
    Time m_passStart;          //!< when this pass began
    Time m_firstCaptured;      //!< when its first packet was captured, since 1970
    Time m_lastCaptured;       //!< when its last one so far was
    EventId m_next;            //!< sends the next packet
    std::optional<xfrm::CapturedPacket> m_packet; //!< the next packet; none behind the last one
    Ptr<Ipv4L3Protocol> m_ipv4;                   //!< IP of the node, once started
    Ptr<NetDevice> m_device; //!< device that packets come in by; null: the host sends them
    std::unique_ptr<xfrm::PcapReader> m_reader; //!< the file, while it is read

    TracedCallback<Ptr<const Packet>> m_sentTrace;               //!< trace source Sent
    TracedCallback<uint64_t, const std::string&> m_skippedTrace; //!< trace source Skipped
};

} // namespace ns3

#endif // XFRM_PCAP_REPLAY_H
