/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_RUN_FLOWS_H
#define XFRM_RUN_FLOWS_H

#include "xfrm-run-config.h"
#include "xfrm-run-network.h"

#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"
#include "ns3/xfrm-time-histogram.h"

#include <cstdint>
#include <map>
#include <string>

namespace ns3::xfrm
{

/// What a flow did so far, in numbers.
struct FlowCounts
{
    uint64_t nSent{0};         //!< packets that the socket took; TCP: 0
    uint64_t nRefused{0};      //!< packets that the socket refused; TCP: 0
    uint64_t nReceived{0};     //!< packets received, pings answered; TCP: 0
    uint64_t sentBytes{0};     //!< payload that the socket took [bytes]
    uint64_t receivedBytes{0}; //!< payload received, of a ping that of its reply [bytes]
};

/// What a flow did so far.
struct FlowFigures
{
    std::string name;    //!< such as "udp H-K"
    std::string kind;    //!< "udp", "tcp" or "ping"
    std::string from;    //!< name of its source
    std::string to;      //!< name of its destination
    Time start;          //!< when it begins
    Time stop;           //!< when it ends, 0: with the run
    FlowCounts counts;   //!< in numbers
    TimeHistogram delay; //!< UDP: one way; ping: round trip; TCP: round trips that it measured
};

/// Which flow of a run.
struct FlowPlace
{
    RunNetwork::Member from; //!< source
    RunNetwork::Member to;   //!< destination
    Ipv4Address target;      //!< address of the destination
    uint32_t number{0};      //!< which of the flows of this kind and pair of hosts, from 0
    double phase{0};         //!< share of the distance of packets by which it begins later, below 1
};

/**
 * @ingroup xfrm
 * @brief One flow of a run, with both of its ends; times need no byte of its payload.
 */
class RunFlow
{
  public:
    /// @param kind "udp", "tcp" or "ping" @param place which
    RunFlow(const std::string& kind, const FlowPlace& place);
    virtual ~RunFlow() = default;
    RunFlow(const RunFlow&) = delete;
    RunFlow& operator=(const RunFlow&) = delete;
    RunFlow(RunFlow&&) = delete;
    RunFlow& operator=(RunFlow&&) = delete;

    /// @return what it did so far
    const FlowFigures& GetFigures() const
    {
        return m_figures;
    }

  protected:
    /// @brief Plan its beginning and end.  @param start when it begins, in the source's context
    /// @param stop when it ends; 0: with the run
    void Plan(Time start, Time stop);

    FlowFigures m_figures; //!< what it did
    Ptr<Node> m_from;      //!< source

  private:
    virtual void Begin() = 0;
    virtual void End() = 0;
};

/// Datagrams from one host to another.
class UdpFlow : public RunFlow
{
  public:
    /// @param config the run @param place which @param stream random stream of its distances
    UdpFlow(const RunConfig& config, const FlowPlace& place, int64_t stream);

  private:
    void Begin() override;
    void End() override;
    Time DrawGap();
    void Send();
    void Receive();

    uint32_t m_size;                       //!< payload [bytes]
    uint64_t m_count;                      //!< packets to send, 0 no limit
    Time m_gap;                            //!< constant distance of packets
    Time m_lead;                           //!< from its start to the first packet
    Ptr<ExponentialRandomVariable> m_gaps; //!< random distances; null: constant ones
    InetSocketAddress m_target;            //!< where it goes
    Ptr<Socket> m_source;                  //!< sends
    Ptr<Socket> m_sink;                    //!< receives
    EventId m_next;                        //!< next packet
};

/// As much as goes, or a number of bytes, over TCP.
class TcpFlow : public RunFlow
{
  public:
    /// @param config the run @param place which
    TcpFlow(const RunConfig& config, const FlowPlace& place);

  private:
    void Begin() override;
    void End() override;
    void Fill();
    void Receive(const Ptr<Socket>& socket);

    uint32_t m_segment;         //!< payload of a segment [bytes]
    uint64_t m_limit;           //!< bytes to send, 0 as many as possible
    InetSocketAddress m_target; //!< where it goes
    Ptr<Socket> m_source;       //!< sends; null before it begins
    Ptr<Socket> m_listener;     //!< takes its connection
    bool m_isConnected{false};  //!< it may send
};

/// Echo requests and their replies.
class PingFlow : public RunFlow
{
  public:
    /// @param config the run @param place which @param id identifier of its requests
    PingFlow(const RunConfig& config, const FlowPlace& place, uint16_t id);

  private:
    void Begin() override;
    void End() override;
    void Send();
    void Receive();

    uint32_t m_size;                 //!< payload [bytes]
    uint64_t m_count;                //!< requests to send, 0 no limit
    Time m_interval;                 //!< between requests
    uint16_t m_id;                   //!< identifier of its requests
    uint16_t m_sequence{0};          //!< number of the next request
    InetSocketAddress m_target;      //!< where it goes
    Ptr<Socket> m_socket;            //!< sends and receives
    std::map<uint16_t, Time> m_sent; //!< when requests without reply were sent
    EventId m_next;                  //!< next request
};

} // namespace ns3::xfrm

#endif // XFRM_RUN_FLOWS_H
