/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-validation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @return the number that one is compared relative to; null: it is not
const PublishedCell*
FindReference(const ValidationScenario& scenario,
              const PublishedCell& cell,
              const std::vector<PublishedCell>& cells)
{
    if (scenario.comparison == Comparison::Value)
    {
        return nullptr;
    }
    const auto isReference = [&](const PublishedCell& other) {
        if (other.section != cell.section || other.place.part != cell.place.part)
        {
            return false;
        }
        return scenario.comparison == Comparison::FirstCell
                   ? other.place.row == cell.place.row
                   : other.place.row == scenario.rows.front() &&
                         other.place.column == cell.place.column;
    };
    const auto found = std::ranges::find_if(cells, isReference);
    return found == cells.end() ? nullptr : &*found;
}

/// Simulates numbers, each once.
class Simulations
{
  public:
    double Get(const ValidationScenario& scenario, const TablePlace& place)
    {
        std::string key(scenario.section);
        key.append("|").append(place.row).append("|").append(place.column).append("|");
        key.append(std::to_string(place.part));
        const auto [entry, isNew] = m_values.try_emplace(std::move(key));
        if (isNew)
        {
            entry->second = scenario.simulate(place, GetProfile(scenario.getProfile(place.row)));
        }
        return entry->second;
    }

  private:
    const CostProfile& GetProfile(const std::string& name)
    {
        const auto [entry, isNew] = m_profiles.try_emplace(name);
        if (isNew)
        {
            entry->second = CostProfile::Load(name);
        }
        return entry->second;
    }

    std::map<std::string, double> m_values;        //!< by section and place
    std::map<std::string, CostProfile> m_profiles; //!< by name
};

} // namespace

void
ValidationReport::Add(CheckedCell cell)
{
    const uint32_t nMissed = cell.isInside ? 0 : 1;
    if (cell.published.isCalibrated)
    {
        ++nCalibrated;
        nCalibratedMissed += nMissed;
    }
    else
    {
        ++nPredicted;
        nPredictedMissed += nMissed;
    }
    nExactMissed += cell.isExact ? nMissed : 0;
    cells.push_back(std::move(cell));
}

void
CheckPlaces(const std::vector<PublishedCell>& cells)
{
    for (const PublishedCell& cell : cells)
    {
        try
        {
            ValidationScenario::Find(cell.section).Check(cell);
        }
        catch (const PublishedTableError&)
        {
            throw;
        }
        catch (const std::invalid_argument& error)
        {
            throw PublishedTableError(cell.where + ": " + error.what());
        }
    }
}

CheckedCell
CompareCell(const ValidationScenario& scenario,
            const PublishedCell& published,
            double simulated,
            double reference,
            double ours)
{
    CheckedCell cell;
    cell.published = published;
    cell.simulated = simulated;
    cell.isExact = scenario.isExact;
    const bool isRatio = !published.isCalibrated && reference != 0 && ours != 0;
    cell.publishedRatio = published.value / (isRatio ? reference : 1);
    cell.simulatedRatio = simulated / (isRatio ? ours : 1);
    cell.band = published.isCalibrated && !scenario.isExact
                    ? Band{.width = ValidationReport::CALIBRATED_BAND}
                    : scenario.getBand(published.place);
    cell.error = cell.simulatedRatio - cell.publishedRatio;
    if (!cell.band.isAbsolute && cell.error != 0)
    {
        cell.error /= cell.publishedRatio; // infinite if 0 was published
    }
    cell.isInside = std::abs(cell.error) <= cell.band.width;
    return cell;
}

ValidationReport
Validate(const std::vector<PublishedCell>& cells,
         const std::function<void(const PublishedCell& cell)>& tell)
{
    Simulations simulations;
    ValidationReport report;
    for (const PublishedCell& cell : cells)
    {
        if (tell)
        {
            tell(cell);
        }
        const ValidationScenario& scenario = ValidationScenario::Find(cell.section);
        const double simulated = simulations.Get(scenario, cell.place);
        const PublishedCell* reference = FindReference(scenario, cell, cells);
        report.Add(CompareCell(scenario,
                               cell,
                               simulated,
                               reference ? reference->value : 0,
                               reference ? simulations.Get(scenario, reference->place) : 0));
    }
    return report;
}

} // namespace ns3::xfrm
