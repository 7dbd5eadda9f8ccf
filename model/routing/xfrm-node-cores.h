/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_NODE_CORES_H
#define XFRM_NODE_CORES_H

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/xfrm-core-set.h"
#include "ns3/xfrm-cost-profile.h"
#include "ns3/xfrm-in-place-action.h"
#include "ns3/xfrm-job-planner.h"

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3::xfrm
{

/// Which core a process that sends runs on.
enum class SocketPlacement : uint8_t
{
    Pinned,    //!< all on one
    ByFlow,    //!< by the hash of addresses and ports that receive queues use
    RoundRobin //!< each new pair of addresses and ports on the next
};

/**
 * @ingroup xfrm
 * @brief What became of received packets.
 *
 * Identity: nReceived = nForwarded + nDelivered + nToIpsec + nKept + nDropped + nRingDropped +
 * nBacklogDropped + NodeCores::GetInFlight().  A packet that leaves in several ways counts once.
 */
struct ReceiveCounts
{
    uint64_t nReceived{0};    //!< packets from devices, and packets received anew
    uint64_t nForwarded{0};   //!< handed on to be forwarded, TTLs that end there included (R271)
    uint64_t nDelivered{0};   //!< handed to a protocol of this host
    uint64_t nToIpsec{0};     //!< handed to IPsec, to be opened
    uint64_t nKept{0};        //!< kept: by the routing protocol, which may send them later, or as
                              //!< fragments until the others are there
    uint64_t nDropped{0};     //!< dropped by IPsec, or for want of a route
    uint64_t nRingDropped{0}; //!< lost in front of a full receive queue
    uint64_t nBacklogDropped{0}; //!< lost between two cores, where too many wait (RPS)
};

/// What becomes of a received packet; of several, the first counts.
enum class ReceiveOutcome : uint8_t
{
    Kept,      //!< nothing yet: its routing protocol keeps it, or it waits for other fragments
    Forwarded, //!< it is forwarded
    Delivered, //!< it is delivered
    ToIpsec,   //!< it is opened
    Dropped    //!< it is dropped
};

/**
 * @ingroup xfrm
 * @brief The cores of a node: work that is done for packets waits for a core and takes its time.
 *
 * A job does its deciding when it begins, on the namespace as it is then, adds what it did to the
 * Work of its core, the price of which is how long the job takes, and hands what it sends to
 * Emit(), which holds it back until the job ends.
 *
 * Received packets wait in the receive queue that their RSS hash names, and are worked on in
 * softirq context; so are those that a job gives rise to, next and on its core.  What a process
 * sends runs in process context on its core.
 *
 * Left out: the price of broadcasts and of multicasts that this host sends, which leave without a
 * job; transmit queues but for their locks, one a core (XPS), and their interrupts.
 */
class NodeCores
{
  public:
    /// Makeup.
    struct Config
    {
        uint32_t nCores{1};                                  //!< cores, 1 to MAX_CORES
        CostProfile profile{};                               //!< what work costs
        ReceiveQueues::Config queues{.rss = {.nQueues = 0}}; //!< receive queues of each device
        SocketPlacement placement{SocketPlacement::ByFlow};  //!< where processes run
        CpuId pinned{0};                                     //!< where, if all on one
        LockPreset locks{};                                  //!< which locks are taken
        SoftirqLimits limits{};                              //!< how softirq work takes turns
    };

    static constexpr uint32_t MAX_CORES{64}; //!< most cores of a node

    /// @param config makeup @throws std::invalid_argument naming the value that is out of range
    static void Check(const Config& config);

    /// @param config makeup @throws std::invalid_argument as Check()
    explicit NodeCores(const Config& config);

    ~NodeCores();
    NodeCores(const NodeCores&) = delete;
    NodeCores& operator=(const NodeCores&) = delete;
    NodeCores(NodeCores&&) = delete;
    NodeCores& operator=(NodeCores&&) = delete;

    /**
     * @brief A packet arrives by a device.
     * @param device number of the device @param packet what follows the IP header
     * @param header its IP header
     * @param action what is to be done when the job begins: decide, hand on by Emit()
     * @return false if its receive queue is full: it is lost
     */
    template <class Action>
    bool Receive(uint32_t device, const Packet& packet, const Ipv4Header& header, Action&& action)
    {
        return Arrive(device,
                      packet,
                      header,
                      MakeJob(Subject::Received, std::forward<Action>(action)));
    }

    /**
     * @brief A packet that this host sent to itself arrives, on the core where it was sent: by no
     * receive queue, and it is never lost.
     * @param packet what follows the IP header @param header its IP header
     * @param action what is to be done when the job begins
     */
    template <class Action>
    void ReceiveLoopback(const Packet& packet, const Ipv4Header& header, Action&& action)
    {
        ++m_counts.nReceived;
        auto job = MakeJob(Subject::Received, std::forward<Action>(action));
        Leave(packet, header, JobContext::Softirq, std::move(job));
    }

    /// @brief A packet is received anew, next on the core whose job it comes from.
    /// @param action what is to be done when the job begins
    template <class Action>
    void ReceiveAnew(Action&& action)
    {
        ++m_counts.nReceived;
        m_set.EnqueueNext(MakeJob(Subject::Received, std::forward<Action>(action)));
    }

    /**
     * @brief This host sends a packet.
     *
     * A job that is ending gives rise to it: next on its core.  Else a process on its core.
     *
     * @param packet what follows the IP header @param header its IP header
     * @param action what is to be done when the job begins
     */
    template <class Action>
    void Send(const Packet& packet, const Ipv4Header& header, Action&& action)
    {
        auto job = MakeJob(Subject::Sent, std::forward<Action>(action));
        Leave(packet, header, JobContext::Process, std::move(job));
    }

    /// @brief Have something else done.  @param cpu where @param context how @param action what
    template <class Action>
    void Do(CpuId cpu, JobContext context, Action&& action)
    {
        m_set.Enqueue(cpu, context, MakeJob(Subject::Else, std::forward<Action>(action)));
    }

    /// @return whether a job is beginning: what is done now is part of it
    bool IsBeginning() const
    {
        return m_job != nullptr;
    }

    /// @return whether a job is beginning or ending
    bool IsRunning() const
    {
        return m_set.GetCurrent().has_value();
    }

    /// @return the core that runs, 0 if none does
    CpuId GetCpu() const
    {
        return m_set.GetCurrent().value_or(0);
    }

    /// @return where the work of the job that is beginning is added
    Work& GetJobWork()
    {
        return m_work[*m_set.GetCurrent()];
    }

    /// @brief The job that is beginning uses a state, and takes its lock.
    /// @param number number of the state
    void NoteState(uint64_t number)
    {
        m_job->states.push_back(number);
    }

    /// @brief The job that is beginning sends a packet through a chain.  @param chain the chain
    void NoteChain(const Bundle& chain)
    {
        for (const BundleElement& element : chain.GetElements())
        {
            NoteState(element.state->GetNumber());
        }
        if (m_planner.HasLines())
        {
            AddLines(chain, m_job->lines);
        }
    }

    /// @brief Send something, when the job that is beginning ends.  @param output sends it
    template <class Output>
    void Emit(Output&& output)
    {
        m_job->outputs.emplace_back(std::forward<Output>(output));
    }

    /// @brief Say what becomes of the packet whose job is beginning, and count it as that job's
    /// work.
    /// @param outcome what
    void Note(ReceiveOutcome outcome);

    /// @return cores
    uint32_t GetCores() const
    {
        return m_set.GetCores();
    }

    /// @return the cores, to look at
    const CoreSet& GetSet() const
    {
        return m_set;
    }

    /// @param cpu number of a core, unchecked @return what its jobs did, those that began
    const Work& GetWork(CpuId cpu) const
    {
        return m_work[cpu];
    }

    /// @return what became of received packets
    const ReceiveCounts& GetCounts() const
    {
        return m_counts;
    }

    /// @return received packets that wait or are being worked on
    uint64_t GetInFlight() const
    {
        return m_nInFlight;
    }

    /// @return receive queues of the devices that something came by, by number of the device
    const std::map<uint32_t, ReceiveQueues>& GetQueues() const
    {
        return m_queues;
    }

    /// @return what work costs
    const CostProfile& GetProfile() const
    {
        return m_config.profile;
    }

  private:
    /// What a job is about.
    enum class Subject : uint8_t
    {
        Received, //!< a received packet
        Sent,     //!< a packet of this host
        Else      //!< something else
    };

    /// Room for a packet, its headers, its route or device, and its sec_path.
    using KeptAction = InPlaceAction<176>;

    /// Something that a core does for the node.
    class NodeJob : public Job
    {
      public:
        template <class Action>
        NodeJob(NodeCores& cores, Subject subject, Action&& action)
            : m_cores(cores),
              m_subject(subject),
              m_action(std::forward<Action>(action))
        {
            m_cores.m_nInFlight += m_subject == Subject::Received ? 1 : 0;
        }

        ~NodeJob() override;
        NodeJob(const NodeJob&) = delete;
        NodeJob& operator=(const NodeJob&) = delete;
        NodeJob(NodeJob&&) = delete;
        NodeJob& operator=(NodeJob&&) = delete;

        Time Begin(std::vector<LockedStretch>& stretches) override;
        void End() override;
        void Lose() override;

        bool IsPacket() const override
        {
            return m_subject != Subject::Else;
        }

        boost::container::small_vector<KeptAction, 1> outputs; //!< what is sent when it ends
        boost::container::small_vector<uint64_t, 2> states;    //!< numbers of states that it uses
        std::vector<uint64_t> lines;                           //!< numbers of lines that it writes
        ReceiveOutcome outcome{ReceiveOutcome::Kept};          //!< what becomes of its packet

      private:
        void Count() const;

        NodeCores& m_cores;  //!< the node's cores
        Subject m_subject;   //!< what it is about
        KeptAction m_action; //!< what it does when it begins
    };

    template <class Action>
    std::unique_ptr<Job> MakeJob(Subject subject, Action&& action)
    {
        return std::make_unique<NodeJob>(*this, subject, std::forward<Action>(action));
    }

    bool Arrive(uint32_t device,
                const Packet& packet,
                const Ipv4Header& header,
                std::unique_ptr<Job> job);
    void Leave(const Packet& packet,
               const Ipv4Header& header,
               JobContext context,
               std::unique_ptr<Job> job);
    CpuId Place(const Packet& packet, const Ipv4Header& header);

    Config m_config;                              //!< makeup
    uint64_t m_nInFlight{0};                      //!< received packets that jobs are for
    CoreSet m_set;                                //!< the cores
    JobPlanner m_planner;                         //!< says how long jobs take
    Rss m_spread;                                 //!< places processes by flow
    std::map<uint32_t, ReceiveQueues> m_queues;   //!< by number of the device
    NodeJob* m_job{nullptr};                      //!< job that is beginning, null if none is
    std::vector<Work> m_work;                     //!< work of jobs that began, by core
    ReceiveCounts m_counts;                       //!< what became of received packets
    std::unordered_map<uint32_t, CpuId> m_places; //!< by hash of flow, with RoundRobin
};

} // namespace ns3::xfrm

#endif // XFRM_NODE_CORES_H
