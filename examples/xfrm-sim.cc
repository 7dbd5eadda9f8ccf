/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * @brief The command line of the xfrm module: xfrm-sim COMMAND [options].
 *
 * Exit status 0: done; 1: a check failed; 2: bad input, with one line on stderr and nothing done.
 */

#include "xfrm-conformance.h"
#include "xfrm-sim-commands.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iomanip>
#include <iostream>

namespace
{

using namespace ns3::xfrm;

/// One command.
struct Command
{
    std::string name;                                        //!< its word
    std::string purpose;                                     //!< one line for the help
    std::function<int(const std::vector<std::string>&)> run; //!< does it
};

const std::vector<Command>&
GetCommands()
{
    static const std::vector<Command> commands{
        {"conform", "replay recorded behaviour of real kernels and compare", sim::RunConform},
        {"decap", "receive the packets of a capture, and print what was inside", sim::RunDecap},
        {"profile", "show, check, fit or measure what the kernel's work costs", sim::RunProfile},
        {"run", "simulate hosts and gateways in a line, packet by packet", sim::RunRun},
        {"show", "print states, policies and counters of a configuration", sim::RunShow},
        {"study", "simulate lookups on many cores, without packets", sim::RunStudyCommand},
        {"validate", "hold simulations against published measurements", sim::RunValidate},
    };
    return commands;
}

void
PrintHelp()
{
    std::cout << "Usage: xfrm-sim COMMAND [options]\n\nCommands\n";
    for (const Command& command : GetCommands())
    {
        std::cout << "  " << std::left << std::setw(8) << command.name << "  " << command.purpose
                  << "\n";
    }
    std::cout << "\nxfrm-sim COMMAND --help shows a command's options.\n";
}

int
Run(const std::vector<std::string>& words)
{
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help")
    {
        PrintHelp();
        return sim::EXIT_OK;
    }
    const auto& commands = GetCommands();
    const auto command = std::find_if(commands.begin(), commands.end(), [&](const Command& c) {
        return c.name == words[0];
    });
    if (command == commands.end())
    {
        std::string names;
        for (const Command& each : commands)
        {
            names += (names.empty() ? "" : ", ") + each.name;
        }
        throw sim::UsageError(words[0] + ": no such command: must be one of " + names);
    }
    return command->run({words.begin() + 1, words.end()});
}

} // namespace

int
main(int argc, char** argv)
{
    try
    {
        const int status = Run({argv + 1, argv + argc});
        if (!std::cout.flush())
        {
            throw std::runtime_error("standard output: can't be written");
        }
        return status;
    }
    catch (const std::exception& error)
    {
        std::cerr << "xfrm-sim: " << error.what() << "\n";
        return sim::EXIT_BAD_INPUT;
    }
}
