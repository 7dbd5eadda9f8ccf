/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-profile-fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <unsupported/Eigen/NonLinearOptimization>
#include <unsupported/Eigen/NumericalDiff>

namespace ns3::xfrm
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr double LEAST_CYCLES{0.01}; //!< smallest price that a fit tries [cycles]
constexpr double MOST_CYCLES{1e8};   //!< largest price that it tries [cycles]
constexpr double STEP{2e-4};         //!< square of the step for derivatives, as a share
constexpr int MOST_RUNS{300};        //!< runs at most
constexpr double TOLERANCE{1e-5};    //!< change of residual or prices that ends it
constexpr int DIGITS{5};             //!< digits of fitted prices

/// A profile whose prices are changed.
class ProfileText
{
  public:
    explicit ProfileText(const std::string& text)
        : m_json(Json::parse(text))
    {
    }

    /// @return the entry of a price
    Json& Get(std::string_view name)
    {
        const std::string key(name);
        for (const char* list : {"prices", "contention"})
        {
            if (m_json.contains(list) && m_json[list].contains(key))
            {
                return m_json[list][key];
            }
        }
        throw std::invalid_argument("profile " + m_json["name"].get<std::string>() + ": " + key +
                                    " missing: must have the prices that are fitted");
    }

    std::string GetText() const
    {
        return m_json.dump(2) + "\n";
    }

  private:
    Json m_json; //!< the profile
};

/// Errors of simulated numbers by logarithms of prices, as Eigen wants them.
class Residuals
{
  public:
    // Names that Eigen asks for.
    using Scalar = double;
    using InputType = Eigen::VectorXd;
    using ValueType = Eigen::VectorXd;
    using JacobianType = Eigen::MatrixXd;

    enum
    {
        InputsAtCompileTime = Eigen::Dynamic,
        ValuesAtCompileTime = Eigen::Dynamic
    };

    Residuals(const FitRequest& request,
              std::vector<PublishedCell> cells,
              std::vector<std::string_view> names,
              const std::function<void(uint32_t, double)>& tell)
        : m_request(request),
          m_cells(std::move(cells)),
          m_names(std::move(names)),
          m_tell(tell)
    {
    }

    int inputs() const
    {
        return static_cast<int>(m_names.size());
    }

    int values() const
    {
        return static_cast<int>(m_cells.size());
    }

    /// @brief Simulate.  @param logs logarithms of the prices @param errors set
    int operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& errors) const
    {
        const CostProfile profile = CostProfile::Read(MakeText(logs), m_request.startName);
        for (size_t i = 0; i < m_cells.size(); ++i)
        {
            const double simulated = m_request.scenario->simulate(m_cells[i].place, profile);
            errors[static_cast<Eigen::Index>(i)] = std::log(simulated / m_cells[i].value);
        }
        ++m_nRuns;
        if (m_tell)
        {
            m_tell(m_nRuns, GetResidual(errors));
        }
        return 0;
    }

    /// @return root mean square of errors
    static double GetResidual(const Eigen::VectorXd& errors)
    {
        return std::sqrt(errors.squaredNorm() / static_cast<double>(errors.size()));
    }

    /// @return the price that a logarithm stands for [cycles]
    static double GetPrice(double log)
    {
        return std::clamp(std::exp(log), LEAST_CYCLES, MOST_CYCLES);
    }

    /// @return the start profile with other prices
    std::string MakeText(const Eigen::VectorXd& logs) const
    {
        ProfileText profile(m_request.startText);
        for (size_t i = 0; i < m_names.size(); ++i)
        {
            Json& price = profile.Get(m_names[i]);
            price["cycles"] = GetPrice(logs[static_cast<Eigen::Index>(i)]);
            price.erase("range");
            price["source"] = "being fitted";
        }
        return profile.GetText();
    }

    uint32_t GetRuns() const
    {
        return m_nRuns;
    }

  private:
    const FitRequest& m_request;                         //!< what is asked for
    std::vector<PublishedCell> m_cells;                  //!< numbers to calibrate on
    std::vector<std::string_view> m_names;               //!< free prices
    const std::function<void(uint32_t, double)>& m_tell; //!< told of each run
    mutable uint32_t m_nRuns{0};                         //!< runs
};

/// @return whether a number belongs to what is fitted
bool
IsWanted(const PublishedCell& cell, const FitRequest& request)
{
    const ValidationScenario& scenario = *request.scenario;
    return cell.isCalibrated && cell.section == scenario.section &&
           (request.row.empty() ||
            scenario.getProfile(cell.place.row) == scenario.getProfile(request.row));
}

/// @return numbers to fit to
std::vector<PublishedCell>
TakeCells(const FitRequest& request)
{
    std::vector<PublishedCell> cells;
    for (const PublishedCell& cell : request.cells)
    {
        if (IsWanted(cell, request) && cell.value > 0)
        {
            cells.push_back(cell);
        }
    }
    return cells;
}

/// @return a number to so many digits
double
Round(double value, int nDigits)
{
    const double scale = std::pow(10, nDigits - 1 - std::floor(std::log10(value)));
    return std::round(value * scale) / scale;
}

/// @brief Say in a profile where its fitted prices are from.
std::string
Sign(const FitRequest& request, const FitResult& result)
{
    ProfileText profile(request.startText);
    std::string source = "fitted to " + std::string(request.scenario->section);
    source.append(request.row.empty() ? "" : ", " + request.row);
    std::ostringstream share;
    share.precision(2);
    share << 100 * result.residual;
    source.append(", cells C, residual ").append(share.str()).append(" %");
    for (const FitResult::Price& price : result.prices)
    {
        Json& entry = profile.Get(price.name);
        entry["cycles"] = price.cycles;
        entry["source"] = source;
        entry.erase("range");
    }
    return profile.GetText();
}

/// @brief Refuse what can't be fitted.
void
CheckCounts(const FitRequest& request, size_t nPrices, size_t nCells)
{
    const std::string what = "fit " + std::string(request.scenario->section) + ": ";
    if (nPrices == 0)
    {
        throw std::invalid_argument(what + "no price is free there");
    }
    if (nCells < nPrices)
    {
        throw std::invalid_argument(what + std::to_string(nCells) + " numbers with C: must be " +
                                    std::to_string(nPrices) + " or more, one for each free price");
    }
}

/// @return logarithms of the prices to start from
Eigen::VectorXd
GetStart(const FitRequest& request, const std::vector<std::string_view>& names)
{
    CostProfile::Read(request.startText, request.startName); // refuses what is wrong in it
    ProfileText start(request.startText);
    Eigen::VectorXd logs(static_cast<Eigen::Index>(names.size()));
    for (size_t i = 0; i < names.size(); ++i)
    {
        const double cycles = start.Get(names[i])["cycles"].get<double>();
        logs[static_cast<Eigen::Index>(i)] = std::log(std::max(cycles, 1.0));
    }
    return logs;
}

} // namespace

std::vector<std::string>
GetProfileRows(const ValidationScenario& scenario)
{
    std::set<std::string> profiles;
    std::vector<std::string> rows;
    for (const std::string_view row : scenario.rows)
    {
        if (profiles.insert(scenario.getProfile(std::string(row))).second)
        {
            rows.emplace_back(row);
        }
    }
    return rows;
}

FitResult
FitProfile(const FitRequest& request, const std::function<void(uint32_t, double)>& tell)
{
    const std::vector<std::string_view> names = request.scenario->getFree(request.row);
    const std::vector<PublishedCell> cells = TakeCells(request);
    CheckCounts(request, names.size(), cells.size());
    Eigen::VectorXd logs = GetStart(request, names);
    const Residuals residuals(request, cells, names, tell);
    Eigen::NumericalDiff<Residuals> differences(residuals, STEP);
    Eigen::LevenbergMarquardt<Eigen::NumericalDiff<Residuals>> minimiser(differences);
    minimiser.parameters.maxfev = MOST_RUNS;
    minimiser.parameters.ftol = TOLERANCE;
    minimiser.parameters.xtol = TOLERANCE;
    minimiser.minimize(logs);
    FitResult result;
    for (size_t i = 0; i < names.size(); ++i)
    {
        const double price = Residuals::GetPrice(logs[static_cast<Eigen::Index>(i)]);
        result.prices.push_back({std::string(names[i]), Round(price, DIGITS)});
    }
    Eigen::VectorXd errors(static_cast<Eigen::Index>(cells.size()));
    differences(logs, errors);
    result.residual = Residuals::GetResidual(errors);
    result.nCells = static_cast<uint32_t>(cells.size());
    result.nRuns = differences.GetRuns();
    result.text = Sign(request, result);
    return result;
}

} // namespace ns3::xfrm
