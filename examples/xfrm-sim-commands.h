/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_SIM_COMMANDS_H
#define XFRM_SIM_COMMANDS_H

/**
 * @file
 * @brief What the commands of xfrm-sim have in common.  Each command parses, runs and prints.
 */

#include <boost/program_options.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3::xfrm::sim
{

constexpr int EXIT_OK{0};           //!< done
constexpr int EXIT_CHECK_FAILED{1}; //!< done, and a check failed
constexpr int EXIT_BAD_INPUT{2};    //!< the input can't be used; nothing was done
constexpr int EXIT_BY_SIGNAL{
    128}; //!< plus a signal's number: stopped, results are those up to then

/// Words of the command line that can't be used: what, and what is allowed.
class UsageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * @brief Parse a command's words; prints the help if asked to.
 * @param words the words after the command's name
 * @param usage usage and purpose, for the help
 * @param shown options that the help lists; must have "help"
 * @param hidden options that it does not list
 * @param positional names of the words that are no options
 * @return false if the help was printed, so that the command is done
 * @throws UsageError if the words do not fit
 */
bool Parse(const std::vector<std::string>& words,
           const std::string& usage,
           const boost::program_options::options_description& shown,
           const boost::program_options::options_description& hidden,
           const boost::program_options::positional_options_description& positional);

/// A line on stderr that says what is going on, where stderr is a terminal.
class ProgressLine
{
  public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;

    /// @param text what is going on; replaces the text before
    void Show(const std::string& text);

    /// @brief Remove the line.
    void Clear();

  private:
    bool m_isTerminal; //!< stderr is a terminal
};

/// @brief Command conform.  @param words its words @return the exit status
int RunConform(const std::vector<std::string>& words);

/// @brief Command decap.  @param words its words @return the exit status
int RunDecap(const std::vector<std::string>& words);

/// @brief Command profile.  @param words its words @return the exit status
int RunProfile(const std::vector<std::string>& words);

/// @brief Command run.  @param words its words @return the exit status
int RunRun(const std::vector<std::string>& words);

/// @brief Command show.  @param words its words @return the exit status
int RunShow(const std::vector<std::string>& words);

/// @brief Command study.  @param words its words @return the exit status
int RunStudyCommand(const std::vector<std::string>& words);

/// @brief Command validate.  @param words its words @return the exit status
int RunValidate(const std::vector<std::string>& words);

} // namespace ns3::xfrm::sim

#endif // XFRM_SIM_COMMANDS_H
