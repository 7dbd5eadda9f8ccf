/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_REPLAY_WINDOW_H
#define XFRM_REPLAY_WINDOW_H

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::xfrm
{

/// A verdict on a received sequence number.
enum class ReplayVerdict : uint8_t
{
    Accepted, //!< new
    Zero,     //!< number 0 with a window: refused, not counted
    TooOld,   //!< before the window (stat replay_window)
    Duplicate //!< seen before (stat replay)
};

/**
 * @ingroup xfrm
 * @brief Sequence numbers of a state, out and in (RFC 4303: anti-replay).
 *
 * Source: net/xfrm/xfrm_replay.c, Linux 4.1 (R170 to R177).  The kernel's three variants: "legacy",
 * a word that is shifted, up to 32 packets; "bmp", a ring of bits, for larger windows or if it is
 * asked for; "esn", the same ring with extended sequence numbers.  Left out: notification (R178),
 * which is ReplayNotifier's.
 *
 * Numbers have a low half, which is on the wire, and a high half, which stays 0 unless they are
 * extended.  Nothing is allocated after construction.
 */
class ReplayWindow
{
  public:
    static constexpr uint32_t MAX_LEGACY_WINDOW{32}; //!< most packets of the legacy variant
    static constexpr uint32_t MAX_WINDOW{4096};      //!< most packets (XFRMA_REPLAY_ESN_MAX)

    /// What is configured.
    struct Config
    {
        uint32_t windowPackets{0};   //!< 0 no check, which extended numbers forbid; to MAX_WINDOW
        uint32_t outSequence{0};     //!< last number sent, low half (oseq)
        uint32_t inSequence{0};      //!< highest number received, low half (seq)
        uint32_t bitmap{0};          //!< first word of the bits seen
        bool isRing{false};          //!< bmp even if 32 packets or less
        bool isExtended{false};      //!< extended sequence numbers (esn)
        uint32_t outSequenceHigh{0}; //!< its high half, 0 unless extended (oseq_hi)
        uint32_t inSequenceHigh{0};  //!< its high half, 0 unless extended (seq_hi)
    };

    /// @param config what is configured @throws std::invalid_argument for one outside its ranges
    explicit ReplayWindow(const Config& config);

    /**
     * @brief Take the next number to send (xfrm_replay_overflow(), R171).
     * @return the number, from 1; none if they are used up, which changes nothing
     */
    std::optional<uint64_t> NextOut();

    /**
     * @brief Judge a received number (xfrm_replay_check(), R172, R174, R176).
     * @param sequence its low half
     * @return the verdict
     */
    ReplayVerdict Check(uint32_t sequence) const;

    /**
     * @brief Judge a number once more, after it was decrypted asynchronously
     * (xfrm_replay_recheck(), R177).
     * @param sequence its low half
     * @param highBefore what GuessHigh() said of it before, with which its integrity was checked
     * @return the verdict; TooOld if the guess is another one now
     */
    ReplayVerdict Recheck(uint32_t sequence, uint32_t highBefore) const
    {
        return GuessHigh(sequence) == highBefore ? Check(sequence) : ReplayVerdict::TooOld;
    }

    /**
     * @brief Note that a number was received (xfrm_replay_advance(), R173, R174, R176).
     * @param sequence low half of one that Check() accepts
     */
    void Advance(uint32_t sequence);

    /**
     * @brief Guess the half that is not on the wire (xfrm_replay_seqhi(), R175).
     * @param sequence low half of a received number
     * @return its high half, 0 unless extended
     */
    uint32_t GuessHigh(uint32_t sequence) const;

    /// @return size of the window, 0 no check [packets]
    uint32_t GetWindow() const
    {
        return m_windowPackets;
    }

    /// @return whether numbers have 64 bits
    bool IsExtended() const
    {
        return m_isExtended;
    }

    /// @return last number sent
    uint64_t GetOutSequence() const
    {
        return Join(m_outHigh, m_outLow);
    }

    /// @return highest number received
    uint64_t GetInSequence() const
    {
        return Join(m_inHigh, m_inLow);
    }

    /// @return how often the numbers or the bits have changed; equal counts, equal contents
    uint64_t GetChanges() const
    {
        return m_nChanges;
    }

    /// @return the bits as the kernel shows them, one word or as many as the window needs: legacy:
    ///         bit i for i less than the highest number; else a ring
    const std::vector<uint32_t>& GetBitmap() const
    {
        return m_bitmap;
    }

  private:
    static uint64_t Join(uint32_t high, uint32_t low)
    {
        return uint64_t{high} << 32 | low;
    }

    uint32_t GetBottom() const;
    bool HasBottomInSubspace() const;
    bool IsBeyondWindow(uint32_t sequence) const;
    uint32_t GetBit(uint32_t age) const;
    void MoveTop(uint32_t step);

    uint32_t m_windowPackets;       //!< size of the window, 0 no check [packets]
    bool m_isExtended;              //!< extended sequence numbers
    bool m_isRing;                  //!< bits are a ring, not a word that is shifted
    uint32_t m_outLow;              //!< last number sent, low half
    uint32_t m_outHigh;             //!< last number sent, high half
    uint32_t m_inLow;               //!< highest number received, low half
    uint32_t m_inHigh;              //!< highest number received, high half
    uint64_t m_nChanges{0};         //!< changes of numbers and bits
    std::vector<uint32_t> m_bitmap; //!< numbers seen
};

} // namespace ns3::xfrm

#endif // XFRM_REPLAY_WINDOW_H
