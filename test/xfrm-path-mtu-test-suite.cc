/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-path-mtu.h"

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Sizes of a socket's packets by its choice about the path MTU (R204, R205).
 *
 * A chain of GCM over a link of 1500 takes 1446.  Dont and Omit let anything through without DF;
 * Want sets DF up to 1446; Do refuses from 1447 on, Probe only from 1501 on.
 */
class SizeVerdictTestCase : public TestCase
{
  public:
    SizeVerdictTestCase()
        : TestCase("a socket's choice decides on DF and on what is too large")
    {
    }

  private:
    void Expect(PathMtuDiscovery discovery, uint32_t length, const std::string& wanted)
    {
        const SizeVerdict verdict = JudgeSize(discovery, length, 1446, 1500);
        std::string text = verdict.isRefused ? "refused" : "taken";
        text += verdict.isDontFragment ? " DF" : "";
        text += verdict.mayExceedMtu ? " cut" : "";
        NS_TEST_EXPECT_MSG_EQ(text,
                              wanted,
                              "choice " << static_cast<int>(discovery) << ", length " << length);
    }

    void DoRun() override
    {
        Expect(PathMtuDiscovery::Dont, 1446, "taken cut");
        Expect(PathMtuDiscovery::Dont, 1447, "taken cut");
        Expect(PathMtuDiscovery::Omit, 1501, "taken cut");
        Expect(PathMtuDiscovery::Want, 1446, "taken DF cut");
        Expect(PathMtuDiscovery::Want, 1447, "taken cut");
        Expect(PathMtuDiscovery::Do, 1446, "taken DF");
        Expect(PathMtuDiscovery::Do, 1447, "refused DF");
        Expect(PathMtuDiscovery::Probe, 1500, "taken DF");
        Expect(PathMtuDiscovery::Probe, 1501, "refused DF");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Pieces and fragments (R206, C40).
 *
 * A header of 20 on a path of 1500 leaves 1480 a piece.  1480 bytes are not cut, 1481 are, and of
 * 2960 the last piece is full.  On a path of 1466 pieces have 1440, the multiple of 8 below 1446,
 * but the last may have all 1446.  Pieces for a chain have room for its headers: 1448 bytes behind
 * 16 of GCM over 1466 make 1464, that is 1440 and the rest.
 */
class CutTestCase : public TestCase
{
  public:
    CutTestCase()
        : TestCase("packets are cut into pieces of a multiple of 8 and the rest")
    {
    }

  private:
    void Expect(const Cut& cut, uint32_t pieceBytes, uint32_t nPieces)
    {
        NS_TEST_EXPECT_MSG_EQ(cut.nPieces, nPieces, "pieces");
        NS_TEST_EXPECT_MSG_EQ(cut.pieceBytes, pieceBytes, "bytes a piece");
    }

    void DoRun() override
    {
        Expect(CutToFit(1480, 20, 1500), 1480, 1);
        Expect(CutToFit(1481, 20, 1500), 1480, 2);
        Expect(CutToFit(2960, 20, 1500), 1480, 2);
        Expect(CutToFit(2961, 20, 1500), 1480, 3);
        Expect(CutToFit(1440 + 1446, 20, 1466), 1440, 2);
        Expect(CutToFit(1440 + 1447, 20, 1466), 1440, 3);
        Expect(CutToPieces(1448, 16, 20, 1466), 1440, 2);
        Expect(CutToPieces(2870, 16, 20, 1466), 1440, 2);
        Expect(CutToPieces(2871, 16, 20, 1466), 1440, 3);
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of sizes and cuts.
 */
class PathMtuTestSuite : public TestSuite
{
  public:
    PathMtuTestSuite()
        : TestSuite("xfrm-path-mtu", UNIT)
    {
        AddTestCase(new SizeVerdictTestCase(), QUICK);
        AddTestCase(new CutTestCase(), QUICK);
    }
};

const PathMtuTestSuite g_pathMtuTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
