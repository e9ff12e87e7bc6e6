package dev.asyncops.files;

class NioFileAccessTests extends FileAccessContract {

  @Override
  FileAccess access(Roots roots) {
    return new NioFileAccess(roots);
  }
}
