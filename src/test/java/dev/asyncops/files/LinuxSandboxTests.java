package dev.asyncops.files;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxSandboxTests extends SandboxContract {

  @Override
  FileAccess access(Roots roots) {
    return new LinuxFileAccess(roots);
  }
}
