/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-byte-reassembly.h"

#include <iterator>

namespace ns3::xfrm
{

namespace
{

constexpr size_t MOST_WHOLE_BYTES{65535}; //!< longest IPv4 packet
constexpr size_t UNIT_BYTES{8};           //!< what offsets are multiples of
constexpr int64_t LIFE_SECONDS{30};       //!< how long fragments wait (IP_FRAG_TIME) [s]

} // namespace

void
ByteReassembly::DropOld(Time now)
{
    for (; !m_deadlines.empty() && m_deadlines.front().time <= now; m_deadlines.pop_front())
    {
        const auto found = m_datagrams.find(m_deadlines.front().key);
        if (found != m_datagrams.end() && found->second.number == m_deadlines.front().number)
        {
            m_datagrams.erase(found);
            ++m_nTimedOut;
        }
    }
}

/// @return whether something of a payload is there already
/// @param begin where it begins @param end behind its last byte
bool
ByteReassembly::Overlaps(const Datagram& datagram, size_t begin, size_t end)
{
    const auto next = datagram.parts.lower_bound(begin);
    if (next != datagram.parts.end() && next->first < end)
    {
        return true;
    }
    if (next == datagram.parts.begin())
    {
        return false;
    }
    const auto previous = std::prev(next);
    return previous->first + previous->second.size() > begin;
}

/// @return whether a fragment lies within what the last one said, and is well cut itself
bool
ByteReassembly::Fits(const Datagram& datagram, const IpBytes& fragment)
{
    const size_t nBytes = fragment.GetPayload().size();
    const size_t end = fragment.GetFragmentOffset() + nBytes;
    if (nBytes == 0 || fragment.GetHeader().size() + end > MOST_WHOLE_BYTES)
    {
        return false;
    }
    if (fragment.HasMoreFragments())
    {
        return nBytes % UNIT_BYTES == 0 && (!datagram.totalBytes || end < *datagram.totalBytes);
    }
    const bool isBehindAll =
        datagram.parts.empty() ||
        datagram.parts.rbegin()->first + datagram.parts.rbegin()->second.size() <= end;
    return !datagram.totalBytes && isBehindAll;
}

/// @return the packet of which all fragments are there
Octets
ByteReassembly::Join(const Datagram& datagram, uint8_t protocol)
{
    Octets payload;
    payload.reserve(*datagram.totalBytes);
    for (const auto& [offset, part] : datagram.parts)
    {
        payload.insert(payload.end(), part.begin(), part.end());
    }
    return JoinIp(datagram.header, protocol, payload);
}

/// @return what became of a fragment of a datagram, which is stored if it fits
FragmentVerdict
ByteReassembly::Store(Datagram& datagram, const IpBytes& fragment)
{
    const auto payload = fragment.GetPayload();
    const size_t begin = fragment.GetFragmentOffset();
    const size_t end = begin + payload.size();
    if (Overlaps(datagram, begin, end))
    {
        return FragmentVerdict::Overlaps;
    }
    if (!Fits(datagram, fragment))
    {
        return FragmentVerdict::Malformed;
    }
    datagram.parts[begin] = Octets(payload.begin(), payload.end());
    datagram.haveBytes += payload.size();
    if (begin == 0)
    {
        datagram.header.assign(fragment.GetHeader().begin(), fragment.GetHeader().end());
    }
    if (!fragment.HasMoreFragments())
    {
        datagram.totalBytes = end;
    }
    return datagram.haveBytes == datagram.totalBytes ? FragmentVerdict::Whole
                                                     : FragmentVerdict::Waiting;
}

ByteReassembly::Result
ByteReassembly::Take(const IpBytes& fragment, Time now)
{
    DropOld(now);
    const Key key{fragment.GetSource().GetFirstWord(),
                  fragment.GetDestination().GetFirstWord(),
                  fragment.GetProtocol(),
                  fragment.GetId()};
    const auto [found, isNew] = m_datagrams.try_emplace(key);
    Datagram& datagram = found->second;
    if (isNew)
    {
        datagram.number = ++m_nDatagrams;
        m_deadlines.push_back({now + Seconds(LIFE_SECONDS), key, datagram.number});
    }
    Result result{Store(datagram, fragment), {}};
    const bool isEmpty = datagram.parts.empty();
    if (result.verdict == FragmentVerdict::Whole)
    {
        result = datagram.header.size() + *datagram.totalBytes > MOST_WHOLE_BYTES
                     ? Result{FragmentVerdict::Malformed, {}}
                     : Result{FragmentVerdict::Whole, Join(datagram, fragment.GetProtocol())};
        m_datagrams.erase(found);
    }
    else if (result.verdict == FragmentVerdict::Overlaps || isEmpty)
    {
        m_datagrams.erase(found);
    }
    return result;
}

} // namespace ns3::xfrm
