package dev.asyncops.files;

class NioSandboxTests extends SandboxContract {

  @Override
  FileAccess access(Roots roots) {
    return new NioFileAccess(roots);
  }
}
