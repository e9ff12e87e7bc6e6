package dev.asyncops.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileAccessesTests {

  @TempDir Path data;

  @Test
  @EnabledOnOs(OS.LINUX)
  void linuxThatMayUseItsCalls_isChosen() {
    FileAccesses chosen = FileAccesses.forThisSystem(roots());

    assertThat(chosen.name()).isEqualTo("linux-openat2");
    assertThat(chosen.files()).isInstanceOf(LinuxFileAccess.class);
    assertThat(chosen.reason()).isNull();
  }

  @Test
  void everyOtherSystem_saysWhatItDoesNotGuarantee_andWhy() {
    FileAccesses chosen = FileAccesses.nio(roots(), "the kernel refuses openat2");

    assertThat(chosen.files()).isInstanceOf(NioFileAccess.class);
    assertThat(chosen)
        .asString()
        .contains("java-nio", "unless somebody", "the kernel refuses openat2");
  }

  private Roots roots() {
    return new Roots(List.of(new Root("data", data, false)));
  }
}
