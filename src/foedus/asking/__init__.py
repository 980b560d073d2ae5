"""What can be asked of a case, one function a question; `foedus.study` is the way in."""
