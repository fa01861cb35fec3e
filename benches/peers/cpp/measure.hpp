// What every peer in C++ shares: reading borders and sites, the clock, the answer.
//
//     PROGRAM MODE LINES.csv SITES.csv COUNT REPEATS DISTANCES.txt
//
// writes one distance in metres to a line, and one line of JSON to standard output.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace measure {

struct Place {
    double lat_deg, lon_deg;
};

using Part = std::vector<Place>;

struct Row {
    long key;
    Place place;
};

/// Rows of `number,lat,lon` under a header, `count` at most.
inline std::vector<Row> rows(const std::string& path, size_t count = std::numeric_limits<size_t>::max()) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<Row> found;
    std::string line;
    std::getline(file, line);
    while (found.size() < count && std::getline(file, line)) {
        Row row{};
        char comma;
        std::istringstream fields(line);
        if (!(fields >> row.key >> comma >> row.place.lat_deg >> comma >> row.place.lon_deg))
            throw std::runtime_error(path + ": not a row: " + line);
        found.push_back(row);
    }
    return found;
}

inline std::vector<Part> lines(const std::string& path) {
    std::vector<Part> parts;
    long last = -1;
    for (const Row& row : rows(path)) {
        if (row.key != last) parts.emplace_back();
        last = row.key;
        parts.back().push_back(row.place);
    }
    return parts;
}

/// Seconds that this process has spent on a processor, in all its threads.
inline double cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The most memory that this process has held.
inline double memory_mb() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (word == "VmHWM:") {
            double kib = 0;
            status >> kib;
            return kib / 1024;
        }
    return 0;
}

/// The version of an installed Debian package, for libraries that do not say theirs.
inline std::string version(const std::string& package) {
    std::string found;
    if (FILE* pipe = popen(("dpkg-query -W -f '${source:Upstream-Version}' " + package + " 2>/dev/null").c_str(), "r")) {
        char text[64];
        while (std::fgets(text, sizeof text, pipe)) found += text;
        pclose(pipe);
    }
    return found.empty() ? "of unknown version" : found;
}

struct Task {
    std::string mode;
    std::vector<Part> parts;
    std::vector<Place> sites;
    int repeats;
    std::string output;
    double start_s;
};

inline Task task(int count, char** words) {
    if (count != 7) throw std::runtime_error("expected MODE LINES SITES COUNT REPEATS OUTPUT");
    Task made{words[1], lines(words[2]), {}, std::atoi(words[5]), words[6], 0};
    for (const Row& row : rows(words[3], std::strtoul(words[4], nullptr, 10))) made.sites.push_back(row.place);
    made.start_s = cpu_s();
    return made;
}

/// Repeats go on until so many seconds have been spent: a few milliseconds are no measurement.
constexpr double enough_s = 1;

/// Times `distance_m` over all sites; what came before is the index. The least of the repeats counts.
template <typename Distance>
void report(const Task& task, const std::string& version, Distance distance_m) {
    const double index_s = cpu_s() - task.start_s;
    std::vector<double> distances_m(task.sites.size());
    double least_s = std::numeric_limits<double>::infinity(), spent_s = 0;
    for (int repeat = 0; repeat < task.repeats || spent_s < enough_s; ++repeat) {
        const double before_s = cpu_s();
        std::transform(task.sites.begin(), task.sites.end(), distances_m.begin(), distance_m);
        const double taken_s = cpu_s() - before_s;
        least_s = std::min(least_s, taken_s);
        spent_s += taken_s;
    }
    std::ofstream file(task.output);
    file << std::setprecision(17);
    for (double distance : distances_m) file << distance << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + task.output);
    std::cout << "{\"version\": \"" << version << "\", \"sites\": " << task.sites.size() << ", \"cpu_s\": " << least_s
              << ", \"index_s\": " << index_s << ", \"memory_mb\": " << memory_mb() << "}\n";
}

/// Runs a peer; an error is a message and exit code 1.
template <typename Peer>
int run(int count, char** words, Peer peer) {
    try {
        peer(task(count, words));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << words[0] << ": " << error.what() << '\n';
        return 1;
    }
}

}  // namespace measure
