import Foundation
import Testing

/// Makes the daemon's writes fail, by a library that stands between it and libc: the nth write or sync of a file of its
/// database or of the files that it keeps once, or all of them until they are let through again.
struct FaultyDisk {
  /// What to start the daemon with.
  let environment: [String: String]
  private let control: URL

  /// For the files of `folder`.
  init(for folder: URL, in lab: Lab) async throws {
    let source = try lab.write(Self.source, to: "faulty_disk.c")
    let library = lab.folder.appending(path: "faulty_disk.so").path
    control = lab.folder.appending(path: "faulty_disk.control")
    try Data(repeating: 0, count: 24).write(to: control)
    let compiled = try await run("gcc", "-O1", "-Wall", "-shared", "-fPIC", "-o", library, source, "-ldl")
    try #require(compiled.status == 0, "\(compiled.errors)")
    environment = ["LD_PRELOAD": library, "FAULT_CONTROL": control.path, "FAULT_FOLDER": folder.path]
  }

  /// The `nth` write from now fails with this errno, once.
  func fail(nth: Int, with error: Int32) throws {
    try write([Int64(nth), Int64(error), 0])
  }

  /// Every write fails with this errno until ``heal()``.
  func failAll(with error: Int32) throws {
    try write([-1, Int64(error), 0])
  }

  func heal() throws {
    try write([0, 0, 0])
  }

  /// How many writes have failed since it was told what to do.
  var failed: Int {
    get throws {
      try Data(contentsOf: control).withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 16, as: Int64.self)) }
    }
  }

  /// In place: the daemon has the file mapped. The countdown comes last, because it arms the rest.
  private func write(_ words: [Int64]) throws {
    let file = try FileHandle(forUpdating: control)
    defer { try? file.close() }
    for index in [2, 1, 0] {
      try file.seek(toOffset: UInt64(8 * index))
      try file.write(contentsOf: withUnsafeBytes(of: words[index]) { Data($0) })
    }
  }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdatomic.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/types.h>
    #include <unistd.h>

    struct control {
      _Atomic int64_t countdown;  // 0: nothing fails; -1: everything does
      _Atomic int64_t error;
      _Atomic int64_t failed;
    };
    static struct control *control;
    static const char *folder;

    __attribute__((constructor)) static void begin(void) {
      const char *path = getenv("FAULT_CONTROL");
      folder = getenv("FAULT_FOLDER");
      int file = path && folder ? open(path, O_RDWR | O_CLOEXEC) : -1;
      if (file < 0) return;
      void *page = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (page != MAP_FAILED) control = page;
      close(file);
    }

    static int is_ours(int file) {
      char link[64], path[4096];
      snprintf(link, sizeof link, "/proc/self/fd/%d", file);
      ssize_t length = readlink(link, path, sizeof path - 1);
      if (length < 0) return 0;
      path[length] = 0;
      return strncmp(path, folder, strlen(folder)) == 0 && (strstr(path, "usher.db") || strstr(path, "/files"));
    }

    static int fails(int file) {
      if (!control || atomic_load(&control->countdown) == 0 || !is_ours(file)) return 0;
      if (atomic_load(&control->countdown) > 0 && atomic_fetch_sub(&control->countdown, 1) != 1) return 0;
      atomic_fetch_add(&control->failed, 1);
      errno = (int)atomic_load(&control->error);
      return 1;
    }

    #define REPLACE(result, name, parameters, arguments)                  \\
      result name parameters {                                            \\
        static result(*real) parameters;                                  \\
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);  \\
        return fails(file) ? -1 : real arguments;                         \\
      }
    REPLACE(ssize_t, write, (int file, const void *bytes, size_t count), (file, bytes, count))
    REPLACE(ssize_t, pwrite, (int file, const void *bytes, size_t count, off_t at), (file, bytes, count, at))
    REPLACE(ssize_t, pwrite64, (int file, const void *bytes, size_t count, off64_t at), (file, bytes, count, at))
    REPLACE(int, ftruncate, (int file, off_t length), (file, length))
    REPLACE(int, ftruncate64, (int file, off64_t length), (file, length))
    REPLACE(int, fsync, (int file), (file))
    REPLACE(int, fdatasync, (int file), (file))

    """
}
