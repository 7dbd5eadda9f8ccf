/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_CAPTURES_PARTS_H
#define XFRM_CAPTURES_PARTS_H

#include "xfrm-captures-packet.h"
#include "xfrm-captures-part.h"

#include "ns3/xfrm-pcap-reader.h"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace ns3::xfrm::conformance
{

/**
 * @brief The datagram of a recording: H to K in tunnel mode, A to B in transport mode.
 * @param record a record; its "mode" is taken
 * @param nBytes payload: 0, 1, 2, ... [bytes]
 * @return the datagram
 */
CaptureDatagram TakeDatagram(Record& record, size_t nBytes);

/// sizes, natt and nobypass-natt: lengths by payload, plain or in UDP.
class SizesPart : public CapturePart
{
  public:
    /// How ESP goes.
    enum class Encap
    {
        None,    //!< as it is
        Bypass,  //!< in UDP, whose sockets have policies that let everything through
        NoBypass //!< in UDP, whose sockets have none
    };

    /// @param name of the part @param encap how ESP goes
    SizesPart(std::string name, Encap encap);

    std::string GetRunName(Record record) const override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;
    nlohmann::json Normalize(const std::string& field, nlohmann::json recorded) const override;

  private:
    PlayedRecord PlaySpecial(CaptureHosts& hosts, Record& record) const;

    std::string m_name; //!< of the part
    Encap m_encap;      //!< how ESP goes
    uint16_t m_port{0}; //!< port of the sockets for UDP
};

/// frag: fragments, with and without DF.
class FragPart : public CapturePart
{
  public:
    std::string GetRunName(Record record) const override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;
    nlohmann::json Normalize(const std::string& field, nlohmann::json recorded) const override;
    std::string GetReason() const override;

  private:
    static bool WasOffloaded(const nlohmann::json& record);

    IdRule m_ids; //!< identifications seen
};

/// outer: the outer header against the inner one, flags of states, and alterations on the way.
class OuterPart : public CapturePart
{
  public:
    std::string GetRunName(Record record) const override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;
    nlohmann::json Normalize(const std::string& field, nlohmann::json recorded) const override;

  private:
    IdRule m_ids; //!< identifications seen
};

/// esn: long and exhausted sequence numbers.
class EsnPart : public CapturePart
{
  public:
    std::string GetRunName(Record record) const override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;

  private:
    std::array<Statistics, 2> m_before; //!< counters of A and B when the run began
    size_t m_nBytes{0};                 //!< payload of each packet
};

/// replay: recorded packets put on the link in another order, and damaged.
class ReplayPart : public CapturePart
{
  public:
    std::string GetRunName(Record record) const override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;
    void End(CaptureHosts& hosts) override;

  private:
    std::optional<PacketBytes> Next();

    std::string m_path;                   //!< the capture
    std::unique_ptr<PcapReader> m_reader; //!< reads it
};

/// mtu: path MTUs, and what is told of them.  Each record is a run.
class MtuPart : public CapturePart
{
  public:
    std::string GetRunName(Record record) const override;
    void Read(CaptureRun& run) override;
    void Begin(CaptureHosts& hosts, const CaptureRun& run) override;
    PlayedRecord Play(CaptureHosts& hosts, Record& record) override;

  private:
    static void PlayForwarded(CaptureHosts& hosts, uint32_t linkMtu, nlohmann::json& got);
};

} // namespace ns3::xfrm::conformance

#endif // XFRM_CAPTURES_PARTS_H
