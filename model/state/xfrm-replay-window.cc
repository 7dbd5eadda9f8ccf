/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-replay-window.h"

#include "ns3/assert.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ns3::xfrm
{

namespace
{

constexpr uint32_t WORD_BITS{32}; //!< bits of a word of the bitmap

/// @param config what is configured @return the same @throws std::invalid_argument if it is wrong
const ReplayWindow::Config&
CheckConfig(const ReplayWindow::Config& config)
{
    const std::string name = "replay window " + std::to_string(config.windowPackets);
    if (config.windowPackets > ReplayWindow::MAX_WINDOW)
    {
        throw std::invalid_argument(name + ": must be 0 to " +
                                    std::to_string(ReplayWindow::MAX_WINDOW));
    }
    if (config.isExtended && config.windowPackets == 0)
    {
        throw std::invalid_argument(name + ": must be 1 or more with extended sequence numbers");
    }
    if (!config.isExtended && (config.outSequenceHigh != 0 || config.inSequenceHigh != 0))
    {
        throw std::invalid_argument("high half of a sequence number: must be 0 unless they are "
                                    "extended");
    }
    return config;
}

} // namespace

ReplayWindow::ReplayWindow(const Config& config)
    : m_windowPackets(CheckConfig(config).windowPackets),
      m_isExtended(config.isExtended),
      m_isRing(config.isRing || config.isExtended || config.windowPackets > MAX_LEGACY_WINDOW),
      m_outLow(config.outSequence),
      m_outHigh(config.outSequenceHigh),
      m_inLow(config.inSequence),
      m_inHigh(config.inSequenceHigh),
      m_bitmap(std::max(1U, (config.windowPackets + WORD_BITS - 1) / WORD_BITS))
{
    m_bitmap.front() = config.bitmap;
}

std::optional<uint64_t>
ReplayWindow::NextOut()
{
    const bool isLast = m_outLow == UINT32_MAX && (!m_isExtended || m_outHigh == UINT32_MAX);
    if (isLast)
    {
        return std::nullopt;
    }
    ++m_nChanges;
    if (++m_outLow == 0)
    {
        ++m_outHigh;
    }
    return GetOutSequence();
}

uint32_t
ReplayWindow::GetBottom() const
{
    return m_inLow - m_windowPackets + 1;
}

bool
ReplayWindow::HasBottomInSubspace() const
{
    return m_inLow >= m_windowPackets - 1;
}

bool
ReplayWindow::IsBeyondWindow(uint32_t sequence) const
{
    if (!m_isExtended)
    {
        return sequence > m_inLow;
    }
    // What is left of the window is taken for a number of the next subspace.
    return HasBottomInSubspace() ? sequence > m_inLow || sequence < GetBottom()
                                 : sequence > m_inLow && sequence < GetBottom();
}

uint32_t
ReplayWindow::GetBit(uint32_t age) const
{
    if (!m_isRing)
    {
        return age;
    }
    const uint32_t top = (m_inLow - 1) % m_windowPackets;
    return top >= age ? top - age : m_windowPackets - (age - top);
}

ReplayVerdict
ReplayWindow::Check(uint32_t sequence) const
{
    if (m_windowPackets == 0)
    {
        return ReplayVerdict::Accepted;
    }
    const bool isZeroUsed = m_isExtended && (m_inHigh != 0 || HasBottomInSubspace());
    if (sequence == 0 && !isZeroUsed)
    {
        return ReplayVerdict::Zero;
    }
    if (IsBeyondWindow(sequence))
    {
        return ReplayVerdict::Accepted;
    }
    const uint32_t age = m_inLow - sequence;
    if (age >= m_windowPackets)
    {
        return ReplayVerdict::TooOld;
    }
    const uint32_t bit = GetBit(age);
    const bool isSeen = (m_bitmap[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
    return isSeen ? ReplayVerdict::Duplicate : ReplayVerdict::Accepted;
}

uint32_t
ReplayWindow::GuessHigh(uint32_t sequence) const
{
    if (!m_isExtended)
    {
        return 0;
    }
    if (HasBottomInSubspace())
    {
        return sequence < GetBottom() ? m_inHigh + 1 : m_inHigh;
    }
    return sequence >= GetBottom() ? m_inHigh - 1 : m_inHigh;
}

void
ReplayWindow::MoveTop(uint32_t step)
{
    if (!m_isRing)
    {
        m_bitmap.front() = step < m_windowPackets ? m_bitmap.front() << step | 1 : 1;
        return;
    }
    // The ring's place of the top is not kept but taken from the number, also from 0, which is a
    // place too far for windows that are no power of two.
    const uint32_t top = (m_inLow - 1) % m_windowPackets;
    if (step >= m_windowPackets)
    {
        std::fill(m_bitmap.begin(), m_bitmap.end(), 0);
    }
    for (uint32_t i = 1; step < m_windowPackets && i < step; ++i)
    {
        const uint32_t bit = (top + i) % m_windowPackets;
        m_bitmap[bit / WORD_BITS] &= ~(1U << bit % WORD_BITS);
    }
    const uint32_t bit = (top + step) % m_windowPackets;
    m_bitmap[bit / WORD_BITS] |= 1U << bit % WORD_BITS;
}

void
ReplayWindow::Advance(uint32_t sequence)
{
    if (m_windowPackets == 0)
    {
        return;
    }
    NS_ASSERT_MSG(Check(sequence) == ReplayVerdict::Accepted, "a number that was refused");
    ++m_nChanges;
    if (IsBeyondWindow(sequence))
    {
        MoveTop(sequence - m_inLow);
        m_inHigh = GuessHigh(sequence);
        m_inLow = sequence;
        return;
    }
    const uint32_t bit = GetBit(m_inLow - sequence);
    m_bitmap[bit / WORD_BITS] |= 1U << bit % WORD_BITS;
}

} // namespace ns3::xfrm
