from ifeval_fi.lm_eval_task import IfevalTask, process_results, rate, serve, standard_error

__all__ = ["IfevalTask", "process_results", "rate", "serve", "standard_error"]
