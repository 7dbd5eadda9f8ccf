/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_VALIDATION_SCENARIO_H
#define XFRM_VALIDATION_SCENARIO_H

/**
 * @file
 * @ingroup xfrm
 * @brief Experiments whose published numbers simulations are held against (doc/validation.md).
 */

#include "xfrm-published-table.h"

#include "ns3/xfrm-cost-profile.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::xfrm
{

/// What a predicted number is divided by before it is compared, as its simulation is.
enum class Comparison : uint8_t
{
    Value,     //!< nothing
    FirstCell, //!< the first number of its row
    FirstRow   //!< the number of the same column in the first of the scenario's rows
};

/// How far a prediction may be off.
struct Band
{
    double width{0.1};      //!< most
    bool isAbsolute{false}; //!< of the difference; else of its share of the published number
};

/// An experiment: a section of a file of tables.
struct ValidationScenario
{
    static constexpr uint32_t MAX_NUMBER{100'000}; //!< largest number that names a column

    std::string_view section;                 //!< name of its section
    std::string_view what;                    //!< what is measured, with its unit
    size_t nParts{1};                         //!< numbers in a cell
    std::vector<std::string_view> rows;       //!< allowed rows
    std::vector<std::string_view> columns;    //!< allowed columns; empty: whole numbers
    uint32_t leastNumber{1};                  //!< smallest of these
    uint32_t mostNumber{1};                   //!< largest of these, at most MAX_NUMBER
    Comparison comparison{Comparison::Value}; //!< how predictions are compared
    bool isExact{false};                      //!< numbers are to be equal

    /// how far the prediction of a place may be off
    std::function<Band(const TablePlace& place)> getBand;
    /// @return the shipped profile of a row
    std::function<std::string(const std::string& row)> getProfile;
    /// prices that are free when a row's profile is fitted
    std::function<std::vector<std::string_view>(const std::string& row)> getFree;
    /// runs the mechanism, and measures
    std::function<double(const TablePlace& place, const CostProfile& profile)> simulate;

    /// @brief Refuse a place that it does not know.  @param cell the number that is there
    /// @throws PublishedTableError naming what is allowed
    void Check(const PublishedCell& cell) const;

    /// @param name a section @return its scenario
    /// @throws std::invalid_argument naming what is allowed
    static const ValidationScenario& Find(std::string_view name);

    /// @return all of them, in the order of sections
    static const std::vector<ValidationScenario>& GetAll();
};

/// @param column name of a column, a whole number @return it
uint32_t GetNumber(const std::string& column);

/// @return V1: a line of namespaces with three kinds of memory of lookups
ValidationScenario MakeMemoryScenario();

/// @return V2: a list of policies against a flow cache, output
ValidationScenario MakePolicyListScenario();

/// @return the inbound line of V2
ValidationScenario MakeInboundListScenario();

/// @return V3: one state under many cores
ValidationScenario MakeOneStateScenario();

/// @return V4: a gateway with many states
ValidationScenario MakeGatewayScenario();

/// @return V5: where the time of a packet goes
ValidationScenario MakeSharesScenario();

/// @return V6: limits of entries and dsts
ValidationScenario MakeLimitsScenario();

/// @return V7: a reference count that all senders write
ValidationScenario MakeReferenceCountScenario();

} // namespace ns3::xfrm

#endif // XFRM_VALIDATION_SCENARIO_H
